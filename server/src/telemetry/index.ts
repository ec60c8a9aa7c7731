export { createLogger, type Logger, type LogSettings, type LogStream } from './create-logger.ts'
export { createMetrics, type Metrics, type PoolState, type RouteMetric } from './create-metrics.ts'
export { createReport, type Event, type EventTable } from './events.ts'
export { createRequestIds, type IdSource, type RequestIds } from './request-ids.ts'
