export { type Loaded, loadSettings, type Surroundings } from './load-settings.ts'
export type { Settings } from './options.ts'
export { redact } from './redact.ts'
