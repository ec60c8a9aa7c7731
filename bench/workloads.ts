/** The rows of the table, as docs/guides/performance.md explains them. */
export interface Workload {
  readonly name: string
  /** As the load script knows it. */
  readonly load: string
  /** Where the bare program has another body for it. */
  readonly bareLoad?: string
  readonly form: 'plain' | 'ruled'
  readonly connections: number
  readonly strict?: boolean
  readonly goal: number
  /** The data is put back before each run. */
  readonly resets?: boolean
}

export const workloads: readonly Workload[] = [
  { name: 'insert, 64', load: 'insert', form: 'ruled', connections: 64, goal: 0.85, resets: true },
  { name: 'insert, 256', load: 'insert', form: 'ruled', connections: 256, goal: 0.85, resets: true },
  {
    name: 'insert against plain, 256',
    load: 'insert',
    bareLoad: 'plainInsert',
    form: 'plain',
    connections: 256,
    goal: 0,
    resets: true,
  },
  { name: 'read, 64', load: 'read', form: 'ruled', connections: 64, goal: 0.85 },
  { name: 'read, 256', load: 'read', form: 'ruled', connections: 256, goal: 0.85 },
  { name: 'read against plain, 256', load: 'read', form: 'plain', connections: 256, goal: 0 },
  { name: 'read strict, 64', load: 'strict', form: 'ruled', connections: 64, strict: true, goal: 0.85 },
  { name: 'read strict, 256', load: 'strict', form: 'ruled', connections: 256, strict: true, goal: 0.85 },
  { name: 'list newest 20, all different', load: 'list', form: 'ruled', connections: 64, goal: 0.85 },
  { name: 'list newest 20, all the same', load: 'listSame', form: 'ruled', connections: 64, goal: 0.85 },
  { name: 'expand, 20 with 5 each', load: 'expand', form: 'ruled', connections: 64, goal: 0 },
  { name: 'batch of 100', load: 'batch', form: 'ruled', connections: 16, goal: 0.6, resets: true },
  { name: 'update with If-Match', load: 'update', form: 'ruled', connections: 64, goal: 0.8, resets: true },
]
