import type { ClientRequest, IncomingMessage } from 'node:http'
import http from 'node:http'
import https from 'node:https'

import { messageOf } from '../../model/errors.ts'
import { StateError } from '../state-error.ts'

/** Where etcd is, and how it and this client prove who they are. PEM texts, not files. */
export interface EtcdTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface GatewayOptions {
  /** Base URLs, `http://10.0.0.1:2379`; each is tried in turn. */
  readonly endpoints: readonly string[]
  readonly tls?: EtcdTls
  /** Most time for one try at one endpoint. */
  readonly tryMs?: number
  /** Most time for one call, over all endpoints. */
  readonly callMs?: number
  /** The cluster that this client knew before; another one is refused. */
  readonly cluster?: string
}

const TRY_MS = 2000
const CALL_MS = 6000
const FIRST_WAIT_MS = 50
const MAX_WAIT_MS = 1000
/** A machine's record is some hundred bytes, a page of them some hundred kilobytes. */
const MAX_BODY_BYTES = 64 * 2 ** 20
/** gRPC's codes that another endpoint, or a later moment, may answer better: etcd without a leader says UNAVAILABLE. */
const MAY_PASS = new Set([4, 8, 10, 13, 14])

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A field of an answer; etcd leaves out what is 0 or empty. */
export const field = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (isObject(at) ? Reflect.get(at, name) : undefined), value)

/** A number of an answer: 64 bits travel as text. */
export const numberOf = (value: unknown): number => Number(value ?? 0)

export const base64 = (text: string): string => Buffer.from(text).toString('base64')
export const fromBase64 = (value: unknown): string =>
  typeof value === 'string' ? Buffer.from(value, 'base64').toString() : ''

/** What an endpoint said, or that it did not. */
class EndpointError extends Error {
  readonly mayPass: boolean
  readonly tls: boolean

  constructor(message: string, mayPass: boolean, tls = false) {
    super(message)
    this.mayPass = mayPass
    this.tls = tls
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const isTlsTrouble = (error: unknown): boolean => {
  const code = error instanceof Error ? String(Reflect.get(error, 'code')) : ''
  return /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO|EPROTO|ALTNAME/.test(code)
}

/**
 * etcd's JSON gateway over Node's own HTTP client: `fetch` cannot be given a certificate without another package. A call
 * goes to the endpoint that answered last, and to the next where that fails; how often, its time decides.
 */
export class EtcdGateway {
  readonly #endpoints: readonly URL[]
  readonly #agent: http.Agent
  readonly #options: GatewayOptions
  #at = 0
  #cluster: string | undefined
  #closed = false

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#endpoints = options.endpoints.map((text) => new URL(text))
    this.#cluster = options.cluster
    const keepAlive = { keepAlive: true, maxSockets: 64 }
    const isTls = this.#endpoints.some(({ protocol }) => protocol === 'https:')
    this.#agent = isTls
      ? new https.Agent({ ...keepAlive, ...options.tls })
      : new http.Agent(keepAlive)
  }

  /** The id of the cluster, once it has answered. */
  get cluster(): string | undefined {
    return this.#cluster
  }

  get #names(): string {
    return this.#endpoints.map(({ origin }) => origin).join(', ')
  }

  /**
   * Calls a method of the gateway.
   * @throws {StateError} `BW-STATE-AWAY`, `BW-STATE-TLS`, `BW-STATE-CLUSTER`
   */
  async call(path: string, body: object): Promise<unknown> {
    const until = performance.now() + (this.#options.callMs ?? CALL_MS)
    let waitMs = FIRST_WAIT_MS
    for (;;) {
      if (this.#closed) throw new StateError('BW-STATE-CLOSED', 'the state store is closed')
      const errors: EndpointError[] = []
      for (let tried = 0; tried < this.#endpoints.length; tried++) {
        const leftMs = until - performance.now()
        if (leftMs <= 0 && errors.length > 0) break
        try {
          // oxlint-disable-next-line no-await-in-loop -- the next one is tried where this one failed
          return this.#checked(
            await this.#once(
              path,
              body,
              Math.max(1, Math.min(leftMs, this.#options.tryMs ?? TRY_MS)),
            ),
          )
        } catch (error) {
          if (!(error instanceof EndpointError)) throw error
          errors.push(error)
          if (!error.mayPass) throw this.#failed(errors)
          this.#at = (this.#at + 1) % this.#endpoints.length
        }
      }
      if (performance.now() + waitMs > until || errors.every(({ tls }) => tls))
        throw this.#failed(errors)
      // oxlint-disable-next-line no-await-in-loop -- all of them failed: later, and ever later
      await sleep(waitMs)
      waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)
    }
  }

  #failed(errors: readonly EndpointError[]): StateError {
    const said = [...new Set(errors.map(({ message }) => message))].join('; ')
    const isTls = errors.some(({ tls }) => tls)
    const message = isTls
      ? `etcd at ${this.#names} and this server do not trust each other: ${said}; correct server.state.etcd.tls (ca, cert, key)`
      : `etcd at ${this.#names} does not answer: ${said}; start it, or correct server.state.etcd.endpoints`
    return new StateError(isTls ? 'BW-STATE-TLS' : 'BW-STATE-AWAY', message)
  }

  /** Refuses answers of another cluster than the one known: its records would be other machines'. */
  #checked(answer: unknown): unknown {
    const id =
      field(answer, 'header', 'cluster_id') ?? field(answer, 'result', 'header', 'cluster_id')
    if (typeof id !== 'string') return answer
    this.#cluster ??= id
    if (id === this.#cluster) return answer
    throw new StateError(
      'BW-STATE-CLUSTER',
      `etcd at ${this.#names} is of cluster ${id}, and the state is in cluster ${this.#cluster}; correct server.state.etcd.endpoints, or forget the old cluster if this one is meant to begin anew`,
    )
  }

  #request(path: string, body: object): { readonly request: ClientRequest; readonly text: string } {
    const url = new URL(path, this.#endpoints[this.#at])
    const text = JSON.stringify(body)
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
    }
    const { request } = url.protocol === 'https:' ? https : http
    return { request: request(url, { method: 'POST', agent: this.#agent, headers }), text }
  }

  #once(path: string, body: object, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { request, text } = this.#request(path, body)
      const timer = setTimeout(() => {
        request.destroy(new EndpointError(`no answer within ${Math.round(timeoutMs)} ms`, true))
      }, timeoutMs)
      const fail = (error: unknown) => {
        clearTimeout(timer)
        const known = error instanceof EndpointError
        reject(known ? error : new EndpointError(messageOf(error), true, isTlsTrouble(error)))
      }
      request.on('error', fail)
      request.on('response', (response) => {
        collect(response)
          .then((answer) => answerOf(response.statusCode ?? 0, answer))
          .finally(() => clearTimeout(timer))
          .then(resolve, fail)
      })
      request.end(text)
    })
  }

  /**
   * A call whose answers come one after the other, until either side ends it.
   * @param take - called with each; it may throw to end it
   */
  stream(
    path: string,
    body: object,
    take: (answer: unknown) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const { request, text } = this.#request(path, body)
      const stop = () => request.destroy()
      signal.addEventListener('abort', stop, { once: true })
      const end = (error?: unknown) => {
        signal.removeEventListener('abort', stop)
        request.destroy()
        this.#at = (this.#at + 1) % this.#endpoints.length
        if (error === undefined || signal.aborted) resolve()
        else reject(error instanceof Error ? error : new Error(messageOf(error)))
      }
      request.on('error', end)
      request.on('response', (response) => {
        let rest = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n')
          rest = lines.pop() ?? ''
          try {
            for (const line of lines) if (line.trim() !== '') take(this.#checked(JSON.parse(line)))
          } catch (error) {
            end(error)
          }
        })
        response.on('error', end)
        response.on('end', () => end())
      })
      request.end(text)
    })
  }

  close(): void {
    this.#closed = true
    this.#agent.destroy()
  }
}

const collect = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    if (!(chunk instanceof Buffer)) continue
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new EndpointError('its answer is too long', false)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const answerOf = (status: number, text: string): unknown => {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    throw new EndpointError(`HTTP status ${status}, and no JSON: is it etcd?`, status >= 500)
  }
  if (status === 200) return answer
  const code = numberOf(field(answer, 'code'))
  const said = field(answer, 'message') ?? field(answer, 'error')
  throw new EndpointError(
    typeof said === 'string' ? said : `HTTP status ${status}`,
    MAY_PASS.has(code) || status >= 502,
  )
}
