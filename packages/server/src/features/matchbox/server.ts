import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

import { bindError } from '../../host/bind.ts'
import { limitConnections } from '../../http/connection-limits.ts'
import { HTTP_LIMITS } from '../../http/limits.ts'
import { pump } from '../../http/pump.ts'
import { errorAnswer, type HttpAnswer, type HttpRequest } from './http-answer.ts'
import type { Mux } from './mux.ts'

/** A request, or undefined where its URL cannot be decoded. */
const requestOf = (message: IncomingMessage): HttpRequest | undefined => {
  const url = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '')
  const cut = url.indexOf('?')
  const escaped = cut < 0 ? url : url.slice(0, cut)
  if (/%(?![0-9a-fA-F]{2})/.test(escaped) || !/^\/|^$/.test(escaped)) return undefined
  const bytes = escaped.replaceAll(/%([0-9a-fA-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return {
    method: message.method ?? 'GET',
    path: Buffer.from(bytes || '/', 'latin1').toString('utf8'),
    rawQuery: cut < 0 ? '' : url.slice(cut + 1),
    headers: message.headers,
    address: (message.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  }
}

const send = async (
  message: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: HttpAnswer,
): Promise<void> => {
  // Go says nothing of the connection while it stays open.
  response.removeHeader('Connection')
  const length = body.length
  // Nor of a length where a handler has written nothing for a HEAD.
  const isUnsized = status === 304 || (message.method === 'HEAD' && status !== 200 && length === 0)
  if (status === 416) response.statusMessage = 'Requested Range Not Satisfiable'
  response.writeHead(status, isUnsized ? headers : { ...headers, 'Content-Length': length })
  const hasBody = message.method !== 'HEAD' && length > 0
  if (Buffer.isBuffer(body)) response.end(hasBody ? body : undefined)
  else if (hasBody) await pump(response, body)
  else {
    response.end()
    await body.handle.close()
  }
}

export interface MatchboxServer {
  readonly port: number
  close(): Promise<void>
}

const CLOSE_DEADLINE_MS = 3000

const listen = (server: Server, address: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      server.off('error', reject)
      resolve()
    })
  })

/** Told of each answer, and of what failed. */
export interface ServerEvents {
  readonly onAnswered: (request: HttpRequest, status: number) => void
  readonly onFailed: (error: unknown, path: string) => void
  readonly onRefused: (refused: { readonly ip: string; readonly why: string }) => void
}

/**
 * Opens the port of the matchbox.
 * @throws {ServerError} where it cannot be bound
 */
export const openServer = async (
  mux: Mux,
  { address, port }: { readonly address: string; readonly port: number },
  { onAnswered, onFailed, onRefused }: ServerEvents,
): Promise<MatchboxServer> => {
  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    message.resume()
    const request = requestOf(message)
    try {
      const found = request && (await mux.answer(request))
      const sent =
        found ??
        errorAnswer(request ? 404 : 400, request ? '404 page not found' : '400 Bad Request')
      if (request) onAnswered(request, sent.status)
      await send(message, response, sent)
    } catch (error) {
      onFailed(error, request?.path ?? '')
      if (!response.headersSent)
        await send(message, response, errorAnswer(500, '500 Internal Server Error'))
      else response.destroy()
    }
  }
  const server = createServer(
    {
      maxHeaderSize: HTTP_LIMITS.headerBytes,
      headersTimeout: HTTP_LIMITS.headersTimeoutMs,
      requestTimeout: HTTP_LIMITS.requestTimeoutMs,
      keepAliveTimeout: HTTP_LIMITS.idleTimeoutMs,
      connectionsCheckingInterval: HTTP_LIMITS.checkIntervalMs,
    },
    (message, response) => void answer(message, response),
  )
  server.setTimeout(HTTP_LIMITS.idleTimeoutMs)
  server.maxConnections = HTTP_LIMITS.connections
  limitConnections(server, {
    perAddress: HTTP_LIMITS.connectionsPerAddress,
    isExempt: () => false,
    onRefused,
  })
  try {
    await listen(server, address, port)
  } catch (error) {
    throw bindError(error, 'matchbox', 'tcp', address, port)
  }
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: async () => {
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS)
      const closed = new Promise((resolve) => void server.close(resolve))
      server.closeIdleConnections()
      await closed
      clearTimeout(timer)
    },
  }
}
