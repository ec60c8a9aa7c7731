/** The control plane: administration and pages, reached through the data plane's listener. */

export { type ControlOptions, type ControlPlane, createControlPlane } from './control-plane.ts'
export type { AppSummary, ControlPorts } from './ports.ts'
