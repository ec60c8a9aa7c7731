import { command, flag, one, text } from '../command.ts'
import { put } from './types.ts'

export const openapi = command({
  name: 'openapi',
  summary: 'print the OpenAPI document of an app, or a collection for Postman',
  remote: true,
  arguments: { app: one('the app', 'app') },
  options: {
    postman: flag('a Postman collection (v2.1) instead'),
    out: text('file', 'write it there', { short: 'o', completes: 'file' }),
  },
  examples: [
    ['roadbase openapi simple-todo --out openapi.json', 'For generators and contract tests'],
    ['roadbase openapi simple-todo --postman --out simple-todo.postman.json', 'To import into Postman'],
  ],
  async run(context, { app }, { postman, out: file }) {
    const { apps } = await context.anyone()
    const document = postman === true ? await apps.postman(app) : await apps.openapi(app)
    await put(context, file, JSON.stringify(document, null, 2))
    if (file !== undefined) context.out.next(`${(await context.connection()).url}/api/${app}/docs shows it`)
  },
})
