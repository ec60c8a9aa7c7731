const { SwaggerUIBundle } = globalThis
const api = location.pathname.replace(/\/docs$/, '')

const answer = await fetch(`${api}/openapi.json`)
const spec = await answer.json()
if (answer.ok) {
  // The address it is opened under, which need not be the server's public one: other origins would be refused.
  spec.servers = [{ url: location.origin + api }]
  SwaggerUIBundle({
    spec,
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    // It would ask a server of somebody else's.
    validatorUrl: null,
  })
} else {
  document.querySelector('#api').textContent = spec.detail
}
