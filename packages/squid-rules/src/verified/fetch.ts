import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** A whole answer. */
export interface Fetched {
  readonly status: number
  readonly bytes: Buffer
}

/** Gets a URL; the status is 0 where there was no answer, with the reason as its text. */
export type Fetch = (
  url: string,
  options?: {
    readonly method?: 'GET' | 'PURGE'
    readonly maxBytes?: number
    readonly headers?: Readonly<Record<string, string>>
  },
) => Promise<Fetched>

const FETCH_MS = 60_000

/** No index that is worth its name is larger; what says that it is, is not fetched. */
export const MAX_INDEX_BYTES: number = 256 * 1024 * 1024

const none = (why: string): Fetched => ({ status: 0, bytes: Buffer.from(why) })

const collect = (response: IncomingMessage, maxBytes: number): Promise<Fetched> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) return chunks.push(chunk)
      response.destroy()
      return resolve(none(`it is longer than ${maxBytes} bytes`))
    })
    response.on('error', (error) => resolve(none(error.message)))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }),
    )
  })

/** Fetches `http` URLs through the cache at `proxy`, `HOST:PORT`, and `https` ones from their host. */
export const createFetch =
  (proxy: string | undefined): Fetch =>
  (url, { method = 'GET', maxBytes = MAX_INDEX_BYTES, headers = {} } = {}) =>
    new Promise((resolve) => {
      const { protocol, host, hostname, port, pathname } = new URL(url)
      const isSecure = protocol === 'https:'
      const [proxyHost = '', proxyPort = '3128'] = (proxy ?? '').split(':')
      const through = proxy !== undefined && !isSecure
      const ask = isSecure ? httpsRequest : httpRequest
      const request = ask(
        {
          method,
          host: through ? proxyHost : hostname,
          port: through ? Number(proxyPort) : port === '' ? undefined : Number(port),
          // As it was written: an index is asked for by the spelling of its own list.
          path: through ? url : pathname,
          headers: { host, ...headers },
          timeout: FETCH_MS,
          agent: false,
        },
        (response) => void collect(response, maxBytes).then(resolve),
      )
      request.on('timeout', () => request.destroy(new Error(`no answer within ${FETCH_MS} ms`)))
      request.on('error', (error) => resolve(none(error.message)))
      request.end()
    })
