/**
 * What the command line does without a running server. The rest it asks of one, as everybody does.
 */

export { checkAppFolder } from './check-app-folder.ts'
export { makeAdmin } from './make-admin.ts'
export { runProcess } from './run-process.ts'
export { type Inspected, inspectSettings, loadSettings as loadServerSettings } from './settings/index.ts'
