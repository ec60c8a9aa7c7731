/**
 * The page behind the link for a new password. The token is the fragment of the address, which no server, proxy or log ever sees; from
 * here it goes into the body of one request, to the very path that this page has.
 */
const byId = (id) => document.getElementById(id)
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
else refuseLink('The address is not complete: the part behind # is missing. Copy the whole link.')

async function send() {
  clear()
  const password = byId('password').value
  if (password === '') {
    complain('Choose a password.')
    return
  }
  setSending(true)
  try {
    const response = await fetch(location.pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, password }),
    })
    if (response.ok) done()
    else failed(await response.json())
  } catch {
    fail('The server can not be reached. Your password is what it was; try again.')
  } finally {
    setSending(false)
  }
}

function done() {
  byId('password').value = ''
  history.replaceState(null, '', location.pathname)
  show('done-view')
}

function failed(problem) {
  if (problem.code === 'invalid_reset_link') {
    refuseLink('It is not valid, has expired, or was used already.')
    return
  }
  const wrong = (problem.errors ?? []).find(({ pointer }) => pointer === '/password')
  if (wrong) complain(`The password ${wrong.message}.`)
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

function complain(message) {
  const text = byId('password-problem')
  text.textContent = message
  text.hidden = false
  byId('password').setAttribute('aria-invalid', 'true')
  byId('password').focus()
}

function fail(message) {
  byId('failure').textContent = message
  byId('failure').hidden = false
}

function clear() {
  byId('failure').hidden = true
  byId('password-problem').hidden = true
  byId('password').removeAttribute('aria-invalid')
}

/** Not `disabled`, which would take the focus away from who uses a keyboard. */
function setSending(now) {
  sending = now
  byId('submit').setAttribute('aria-disabled', String(now))
  byId('submit').textContent = now ? 'Setting the password…' : 'Set password'
}
