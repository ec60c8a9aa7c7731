import { get } from 'node:http'

// The command of the image's HEALTHCHECK, which has no curl: exit code 0 when the server can serve requests.
const port = process.env.ROADBASE_PORT || 8080
get({ host: '127.0.0.1', port, path: '/readyz', timeout: 4000 }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1)
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
