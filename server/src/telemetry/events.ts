import type { Metrics } from './create-metrics.ts'

/** What rooms report: each declares a closed union of these, told apart by `type`. */
export interface Event {
  readonly type: string
}

/** For every event of a room how loud it is and how it reads. Being total, it does not compile while an event is missing. */
export type EventTable<E extends Event> = Readonly<
  Record<E['type'], { readonly level: Level; readonly message: string }>
>

type Level = 'debug' | 'info' | 'warn' | 'error'

interface Sinks {
  readonly logger: Readonly<Record<Level, (facts: object, message: string) => void>>
  readonly metrics: Pick<Metrics, 'event'>
}

/** The function a room reports to: here, not in the room, it is decided what becomes a log line and what a number. */
export function createReport<E extends Event>(table: EventTable<E>, sinks: Sinks): (event: E) => void {
  return (event) => {
    const { type, ...facts } = event
    const { level, message } = table[type as E['type']]
    sinks.metrics.event(type)
    sinks.logger[level]({ event: type, ...facts }, message)
  }
}
