/**
 * The page behind the one-time link. The token is the fragment of the address, which no server, proxy or log ever sees; from here it
 * goes into the body of one request.
 */
const byId = (id) => document.getElementById(id)
const names = { email: 'e-mail address', password: 'password' }
const fields = Object.keys(names)
const token = new URLSearchParams(location.hash.slice(1)).get('token')

let sending = false

byId('form').addEventListener('submit', (event) => {
  event.preventDefault()
  if (!sending) send()
})
byId('show').addEventListener('change', (event) => {
  byId('password').type = event.target.checked ? 'text' : 'password'
})
if (token) show('form-view')
else refuseLink('The address is not complete: the part behind # is missing. Copy the whole link from the terminal.')

async function send() {
  clear()
  const values = Object.fromEntries(fields.map((name) => [name, byId(name).value]))
  const empty = fields.filter((name) => values[name].trim() === '')
  for (const name of empty) complain(name, name === 'email' ? 'Enter your e-mail address.' : 'Choose a password.')
  if (empty.length > 0) {
    byId(empty[0]).focus()
    return
  }
  setSending(true)
  try {
    const response = await fetch('/admin/api/setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, ...values }),
    })
    if (response.ok) done((await response.json()).admin.email)
    else failed(await response.json())
  } catch {
    fail('The server can not be reached. Is it still running? Nothing was changed; try again.')
  } finally {
    setSending(false)
  }
}

function done(email) {
  byId('password').value = ''
  byId('who').textContent = email
  history.replaceState(null, '', location.pathname)
  show('done-view')
}

function failed(problem) {
  if (problem.code === 'invalid_setup_link') {
    refuseLink('It is not valid, has expired, or was used already.')
    return
  }
  const known = (problem.errors ?? []).filter(({ pointer }) => fields.includes(pointer.slice(1)))
  for (const { pointer, message } of known) complain(pointer.slice(1), `The ${names[pointer.slice(1)]} ${message}.`)
  if (known.length > 0) byId(known[0].pointer.slice(1)).focus()
  else fail(`${problem.detail ?? 'Something went wrong'} (request ${problem.requestId})`)
}

function refuseLink(reason) {
  byId('link-reason').textContent = reason
  show('link-view')
}

function show(view) {
  for (const section of document.querySelectorAll('main > section')) section.hidden = section.id !== view
  byId(view).querySelector('h1').focus()
}

function complain(name, message) {
  const text = byId(`${name}-problem`)
  text.textContent = message
  text.hidden = false
  byId(name).setAttribute('aria-invalid', 'true')
}

function fail(message) {
  byId('failure').textContent = message
  byId('failure').hidden = false
}

function clear() {
  byId('failure').hidden = true
  for (const name of fields) {
    byId(`${name}-problem`).hidden = true
    byId(name).removeAttribute('aria-invalid')
  }
}

/** Not `disabled`, which would take the focus away from who uses a keyboard. */
function setSending(now) {
  sending = now
  byId('submit').setAttribute('aria-disabled', String(now))
  byId('submit').textContent = now ? 'Creating administrator…' : 'Create administrator'
}
