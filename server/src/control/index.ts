/** The control plane: administration and pages, reached through the data plane's listener. */

export { type ControlOptions, type ControlPlane, createControlPlane } from './control-plane.ts'
export { apiPage } from './pages/api/api-page.ts'
export type { ControlPorts } from './ports.ts'
