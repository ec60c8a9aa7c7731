import type { HttpResponse } from 'uWebSockets.js'
import { Readable } from 'node:stream'
import { Problem, toProblem } from '../../errors/problem.ts'
import type { HttpEvent, ReportHttpEvent } from '../events.ts'
import { headersAfterId } from '../response/blocks.ts'
import type { Compress } from '../response/compress.ts'
import { COMPRESS_FROM } from '../response/compress.ts'
import { chooseEncoding } from '../response/encoding.ts'
import { problemAnswer } from '../response/problem-answer.ts'
import type { Answer, AnyInput, Context, Route } from '../route.ts'
import type { Admission } from './admission.ts'
import type { Deadlines, Timed } from './deadlines.ts'
import type { Epoch, Epochs } from './epochs.ts'
import { type Sending, writeAnswer } from './write-answer.ts'

/** What every request of a server shares. */
export interface ExchangeDeps {
  readonly admission: Admission
  readonly deadlines: Deadlines
  readonly epochs: Epochs
  readonly compress: Compress
  readonly report: ReportHttpEvent
  /** Counts requests that have no route. */
  readonly unmatched: RouteObserver
  /** The address of the client at the other end of the connection. */
  readonly addressOf: (res: HttpResponse) => string
  /** True once the server stops: answers then end their connection. */
  readonly draining: () => boolean
  /** Milliseconds that only grow. */
  readonly now: () => number
}

export interface RouteObserver {
  observe(status: number, seconds: number): void
}

type Phase = Extract<HttpEvent, { type: 'request_timed_out' }>['phase']

/**
 * One request and its answer.
 *
 * ```
 * receiving ──▶ handling ──▶ sending ──▶ over
 *     │            │            │         ▲
 *     └────────────┴────────────┴─────────┘   client gone, deadline
 * ```
 * `over` means that the response object must not be touched again: uWebSockets.js throws, or worse. A handler may
 * still be at work then; the request counts as under way until that has ended, too.
 */
export class Exchange implements Context, Sending, Timed {
  id: string
  readonly method: string
  readonly path: string
  /** What the client takes compressed answers in. */
  acceptEncoding = ''
  /** Headers for scripts of other origins, as text. */
  cors = ''
  /** The path as the table of routes has it. */
  route = ''
  observer: RouteObserver
  /** True while uWebSockets.js is calling us, which means that writes are corked. */
  inline = true
  phase: Phase | 'over' = 'receiving'
  /** A body that is still arriving as a stream. */
  incoming: { discard(): void } | undefined

  due = 0
  before: Timed | undefined
  after: Timed | undefined

  readonly #res: HttpResponse
  readonly #deps: ExchangeDeps
  readonly #startedAt: number
  readonly #epoch: Epoch
  #ip: string | undefined
  #handling = false
  #watching = false
  #held = 0
  #gone: AbortController | undefined
  #isGone = false

  constructor(res: HttpResponse, deps: ExchangeDeps, id: string, method: string, path: string) {
    this.#res = res
    this.#deps = deps
    this.id = id
    this.method = method
    this.path = path
    this.observer = deps.unmatched
    this.#epoch = deps.epochs.enter()
    this.#startedAt = deps.now()
    deps.deadlines.start(this, this.#startedAt)
  }

  /**
   * Costs 4 µs, a tenth of an insert, so it is looked up when it is first asked for. Who needs it asks before waiting
   * for anything: a connection that is gone has none.
   */
  get ip(): string {
    this.#ip ??= this.phase === 'over' ? '' : this.#deps.addressOf(this.#res)
    return this.#ip
  }

  set ip(address: string) {
    this.#ip = address
  }

  get aborted(): boolean {
    return this.#isGone
  }

  get signal(): AbortSignal {
    this.#gone ??= new AbortController()
    if (this.#isGone) this.#gone.abort()
    return this.#gone.signal
  }

  /** Must be called before uWebSockets.js gets control back without an answer. */
  watch(): void {
    if (this.#watching || this.phase === 'over') return
    this.#watching = true
    this.#res.onAborted(() => {
      this.#abandon()
      this.finish(499)
    })
  }

  /** Runs a handler and sends what it answers. */
  handle(route: Pick<Route, 'handle' | 'around'>, input: AnyInput): void {
    this.phase = 'handling'
    this.#handling = true
    const { around } = route
    const visit = around?.enter(input)
    let answer: Answer | Promise<Answer>
    try {
      answer = route.handle(this, input)
    } catch (error) {
      if (visit !== undefined) around?.leave(visit)
      this.#failed(error)
      return
    }
    if (!(answer instanceof Promise)) {
      if (visit !== undefined) around?.leave(visit)
      this.#answered(answer)
      return
    }
    this.watch()
    answer.then(
      (late) => {
        if (visit !== undefined) around?.leave(visit)
        this.#answered(late)
      },
      (error: unknown) => {
        if (visit === undefined || around === undefined) {
          this.#failed(error)
          return
        }
        around.leave(visit)
        around.recover(error, visit, this, input).then(
          (late) => this.#answered(late),
          (last: unknown) => this.#failed(last),
        )
      },
    )
  }

  /** Answers with an error. With `close` the connection ends as well, for its bytes can not be trusted any more. */
  fail(error: unknown, close = false): void {
    const problem = toProblem(error)
    const { id, method, route } = this
    const { cause, status } = problem
    if (status >= 500 && cause !== undefined) {
      const type = status === 500 ? 'request_failed' : 'request_unavailable'
      this.#deps.report({ type, requestId: id, method, route, status, error: cause })
    }
    this.send(problemAnswer(problem, id), close)
  }

  send(answer: Answer, close = false): void {
    if (this.phase === 'over' || this.phase === 'sending') {
      if (answer.body instanceof Readable) answer.body.destroy()
      return
    }
    this.phase = 'sending'
    const { body } = answer
    if (
      body !== undefined &&
      !(body instanceof Readable) &&
      body.length >= COMPRESS_FROM &&
      this.acceptEncoding !== ''
    ) {
      const isEncoded = answer.headers?.['content-encoding'] !== undefined
      const encoding = isEncoded ? 'identity' : chooseEncoding(this.acceptEncoding)
      if (encoding !== 'identity') {
        this.watch()
        void this.#sendCompressed(answer, body, encoding, close)
        return
      }
    }
    this.#write(answer, close)
  }

  discardBody(): void {
    this.incoming?.discard()
    this.incoming = undefined
  }

  /** All is said, or nobody listens any more. Idempotent. */
  finish(status: number): void {
    if (this.phase === 'over') return
    this.phase = 'over'
    this.#deps.deadlines.stop(this)
    if (this.#held > 0) this.#deps.admission.release(this.#held)
    this.#held = 0
    this.observer.observe(status, (this.#deps.now() - this.#startedAt) / 1000)
    this.#leave()
  }

  /** Room for more of the body; false when the server holds too much already. */
  reserve(bytes: number): boolean {
    if (!this.#deps.admission.reserve(bytes)) return false
    this.#held += bytes
    return true
  }

  /** Counts the bytes of an answer that the client has not taken yet. */
  hold(bytes: number): void {
    this.progress()
    this.#deps.admission.hold(bytes)
    this.#held += bytes
  }

  takeTime(): void {
    this.#deps.deadlines.stop(this)
  }

  /** The client took some bytes: it gets the full time for the next ones. */
  progress(): void {
    if (this.phase !== 'over') this.#deps.deadlines.start(this, this.#deps.now())
  }

  /** Ends the connection without another word. */
  cut(): void {
    if (this.phase === 'over') return
    this.#abandon()
    const res = this.#res
    this.finish(499)
    res.close()
  }

  /** The deadline has passed. */
  expire(): void {
    const { id, method, route, phase } = this
    if (phase === 'over') return
    this.#deps.report({ type: 'request_timed_out', requestId: id, method, route, phase })
    this.#abandon()
    if (phase === 'sending') this.cut()
    else if (phase === 'receiving') this.fail(new Problem('request_timeout'), true)
    else this.fail(new Problem('unavailable', 'The answer took too long.', { retryAfter: 1 }))
  }

  #abandon(): void {
    this.#isGone = true
    this.#gone?.abort()
  }

  #answered(answer: Answer): void {
    this.#handled()
    this.send(answer)
  }

  #failed(error: unknown): void {
    this.#handled()
    this.fail(error)
  }

  #handled(): void {
    this.#handling = false
    if (this.phase === 'over') this.#leave()
  }

  #leave(): void {
    if (this.#handling) return
    this.#deps.admission.leave()
    this.#deps.epochs.leave(this.#epoch)
  }

  async #sendCompressed(
    answer: Answer,
    body: string | Uint8Array,
    encoding: 'br' | 'gzip',
    close: boolean,
  ): Promise<void> {
    const plain = typeof body === 'string' ? Buffer.from(body) : body
    const packed = await this.#deps.compress(plain, encoding).catch(() => undefined)
    if (this.phase !== 'sending') return
    this.#write(packed === undefined ? { ...answer, body: plain } : asEncoded(answer, packed, encoding), close)
  }

  #write(answer: Answer, close: boolean): void {
    const ending = close || this.#deps.draining()
    let headers: string
    try {
      headers = headersAfterId(answer)
    } catch (error) {
      const { id, method, route } = this
      this.#deps.report({ type: 'request_failed', requestId: id, method, route, status: 500, error })
      const problem = problemAnswer(new Problem('internal'), id)
      writeAnswer(this.#res, this, problem, headersAfterId(problem), ending)
      return
    }
    writeAnswer(this.#res, this, answer, headers, ending)
  }
}

/** Other bytes need another tag; a weak one says that the content is the same (RFC 9110, 8.8.1). */
function asEncoded(answer: Answer, body: Uint8Array, encoding: string): Answer {
  const { etag, headers } = answer
  return {
    ...answer,
    body,
    ...(etag === undefined || etag.startsWith('W/') ? {} : { etag: `W/${etag}` }),
    headers: { ...headers, 'content-encoding': encoding },
  }
}
