import { Problem } from '../../errors/problem.ts'
import type { Method, Route } from '../route.ts'

/** The routes of one path. */
export interface Endpoint<R extends RouteKey = Route> {
  readonly path: string
  readonly paramNames: readonly string[]
  readonly byMethod: Readonly<Partial<Record<Method, R>>>
  /** The `Allow` header. */
  readonly allow: string
}

export interface Match<R extends RouteKey = Route> {
  readonly endpoint: Endpoint<R>
  /** In the order of `paramNames`, decoded. */
  readonly values: readonly string[]
}

type RouteKey = Pick<Route, 'method' | 'path'>

interface Node<R extends RouteKey> {
  readonly fixed: Map<string, Node<R>>
  any: Node<R> | undefined
  rest: Endpoint<R> | undefined
  endpoint: Endpoint<R> | undefined
}

export type Router<R extends RouteKey = Route> = (path: string) => Match<R> | undefined

/**
 * Finds the endpoint of a path. A fixed segment wins over `{name}` and is never tried again as one, so `auth` is no collection
 * whatever follows it. Fixed segments match byte for byte: `/%61pi` is not `/api`.
 *
 * Ours instead of the one in uWebSockets.js, because `Allow`, HEAD, OPTIONS and 404 against 405 need the same answer.
 */
export function createRouter<R extends RouteKey>(routes: readonly R[]): Router<R> {
  const root = createNode<R>()
  for (const [path, group] of groupByPath(routes)) insert(root, path, group)

  return (path) => {
    let node = root
    let start = 1
    const values: string[] = []
    while (start <= path.length) {
      const slash = path.indexOf('/', start)
      const end = slash === -1 ? path.length : slash
      const segment = path.slice(start, end)
      const fixed = node.fixed.get(segment)
      if (fixed !== undefined) {
        node = fixed
      } else if (node.any !== undefined && segment !== '') {
        node = node.any
        values.push(decodeSegment(segment))
      } else {
        return node.rest && { endpoint: node.rest, values }
      }
      start = end + 1
    }
    const endpoint = node.endpoint ?? node.rest
    return endpoint && { endpoint, values }
  }
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment
  const decoded = tryDecode(segment)
  if (decoded === undefined || decoded.includes('\0')) {
    throw new Problem('malformed_request', 'The path has a percent-encoding that is not valid UTF-8')
  }
  return decoded
}

function tryDecode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

function groupByPath<R extends RouteKey>(routes: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>()
  for (const route of routes) {
    const group = groups.get(route.path) ?? []
    if (group.some((other) => other.method === route.method)) {
      throw new Error(`The route ${route.method} ${route.path} is there twice`)
    }
    groups.set(route.path, [...group, route])
  }
  return groups
}

function insert<R extends RouteKey>(root: Node<R>, path: string, routes: readonly R[]): void {
  const segments = path.split('/').slice(1)
  const names = segments.filter((segment) => segment.startsWith('{')).map((segment) => segment.slice(1, -1))
  const endpoint: Endpoint<R> = {
    path,
    paramNames: names,
    byMethod: Object.fromEntries(routes.map((route) => [route.method, route])),
    allow: allowed(routes.map((route) => route.method)),
  }
  const below = segments.at(-1) === '*'
  let node = root
  for (const segment of below ? segments.slice(0, -1) : segments) {
    const next = segment.startsWith('{') ? node.any : node.fixed.get(segment)
    if (next !== undefined) {
      node = next
      continue
    }
    const made = createNode<R>()
    if (segment.startsWith('{')) node.any = made
    else node.fixed.set(segment, made)
    node = made
  }
  if (below) node.rest = endpoint
  else node.endpoint = endpoint
}

function allowed(methods: readonly Method[]): string {
  const head = methods.includes('GET') && !methods.includes('HEAD')
  return [...methods, ...(head ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

function createNode<R extends RouteKey>(): Node<R> {
  return { fixed: new Map(), any: undefined, rest: undefined, endpoint: undefined }
}
