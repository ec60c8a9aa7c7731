/** The data plane: one table of routes over uWebSockets.js, which nothing outside of this room knows. */

export { corsSection } from './cors-section.ts'
export { type HttpEvent, httpEvents, type ReportHttpEvent } from './events.ts'
export { parseJson } from './json/parse-json.ts'
export { createEpochs } from './kit/epochs.ts'
export { loadUws, type Uws } from './kit/load-uws.ts'
export type { Ports } from './ports.ts'
export { parseQuery } from './request/query.ts'
export { type CorsPolicy, createCorsPolicy } from './response/cors.ts'
export { problemAnswer } from './response/problem-answer.ts'
export { type Answer, type Context, type Input, type Method, type RawRequest, type Route, route } from './route.ts'
export { routes } from './routes.ts'
export { type HttpServer, startHttpServer } from './server.ts'
