import { createServer, type IncomingMessage } from 'node:http'

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import type { BootService } from '../boot/service.ts'
import { messageOf, ServerError } from '../model/errors.ts'
import type { NamedFeature } from '../seam/registry.ts'
import { clashesOf, type Route } from '../seam/route.ts'
import { MAY_ASK, mayAsk } from './admin.ts'
import { logAsset, logFiles, sendFile } from './files.ts'
import { coreRoutes } from './handlers.ts'
import { HotFiles } from './hot-files.ts'
import { addressOf, paramsOf, queryOf } from './parameters.ts'

/** Bounds on what one request may be; docs/limits.md. */
export const HTTP_LIMITS = {
  headerBytes: 16_384,
  bodyBytes: 65_536,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 75_000,
  connections: 4096,
} as const

const text = (reply: FastifyReply, status: number, body: string): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(body)

const NO_BODY = Buffer.alloc(0)

/** Reads the body for routes that want it, and throws it away for all others. */
const readBody = (
  request: FastifyRequest,
  payload: IncomingMessage,
  done: (error: Error | null, body?: unknown) => void,
): void => {
  const { config } = request.routeOptions
  if (!('readsBody' in config) || config.readsBody !== true) {
    payload.resume()
    payload.once('end', () => done(null))
    return
  }
  const pieces: Buffer[] = []
  let length = 0
  payload.on('data', (piece: Buffer) => {
    length += piece.length
    if (length <= HTTP_LIMITS.bodyBytes) pieces.push(piece)
  })
  payload.once('end', () => {
    const isTooLarge = length > HTTP_LIMITS.bodyBytes
    if (isTooLarge) done(Object.assign(new Error('the body is too large'), { statusCode: 413 }))
    else done(null, Buffer.concat(pieces))
  })
}

/** Status of an error that fastify or the file library made, and the length that a refused range missed. */
const readError = (error: unknown): { readonly status: number; readonly contentRange?: string } => {
  if (typeof error !== 'object' || error === null || !('statusCode' in error))
    return { status: 500 }
  const status = Number(error.statusCode)
  const headers: unknown = 'headers' in error ? error.headers : undefined
  const range: unknown =
    typeof headers === 'object' && headers !== null && 'Content-Range' in headers
      ? headers['Content-Range']
      : undefined
  return typeof range === 'string' ? { status, contentRange: range } : { status }
}

/** The HTTP side: scripts, answers, reports and files. It decides nothing itself. */
export const createHttpApp = (
  service: BootService,
  features: readonly NamedFeature[] = [],
): FastifyInstance => {
  const hot = new HotFiles()
  const app = fastify({
    logger: false,
    bodyLimit: HTTP_LIMITS.bodyBytes,
    requestTimeout: HTTP_LIMITS.requestTimeoutMs,
    keepAliveTimeout: HTTP_LIMITS.idleTimeoutMs,
    // Also ends a download that its client no longer reads.
    connectionTimeout: HTTP_LIMITS.idleTimeoutMs,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
    return503OnClosing: false,
    serverFactory: (handler) =>
      createServer(
        {
          maxHeaderSize: HTTP_LIMITS.headerBytes,
          headersTimeout: HTTP_LIMITS.headersTimeoutMs,
          requestTimeout: HTTP_LIMITS.requestTimeoutMs,
          keepAliveTimeout: HTTP_LIMITS.idleTimeoutMs,
        },
        (request, response) => {
          const file = hot.serve(request, response, service.configuration.assets)
          if (!file) {
            handler(request, response)
            return
          }
          const ip = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
          const bytes = file.body.length
          logAsset(service, {
            ip,
            path: request.url?.split('?')[0] ?? '',
            status: 200,
            bytes,
            durationMs: 0,
          })
        },
      ),
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: 4096 },
    // A URL that cannot be decoded.
    frameworkErrors: (_error, _request, reply) => void text(reply, 400, 'bad request\n'),
  })
  app.server.maxConnections = HTTP_LIMITS.connections
  // Any body may come, or none; only routes that say so read it.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { bodyLimit: HTTP_LIMITS.bodyBytes }, readBody)
  app.setNotFoundHandler((_request, reply) => text(reply, 404, 'not found\n'))
  app.setErrorHandler((error, request, reply) => {
    const { status, contentRange } = readError(error)
    if (contentRange !== undefined) void reply.header('content-range', contentRange)
    if (status >= 500) {
      const path = request.url.split('?')[0]
      service.log.emit('warning', { ip: addressOf(request), why: messageOf(error), path })
    }
    return text(reply, status, status >= 500 ? 'internal error\n' : 'bad request\n')
  })
  const panels = features.flatMap((feature) => feature.panels ?? [])
  const routes = [
    ...coreRoutes(service, panels).map((route) => ({ ...route, owner: 'the core' })),
    ...features.flatMap(({ name, routes: own = [] }) =>
      own.map((route) => ({ ...route, owner: name })),
    ),
  ]
  const [clash] = clashesOf(routes)
  if (clash !== undefined) throw new ServerError('ERR_SERVER_CONFIG', clash)
  for (const route of routes) register(app, service, hot, route)
  logFiles(app, service)
  return app
}

/** Puts one row of the table of routes on the server. */
const register = (
  app: FastifyInstance,
  service: BootService,
  hot: HotFiles,
  { door, path, methods = ['GET'], head = true, body = false, handle }: Route,
): void => {
  app.route({
    method: [...methods],
    url: path,
    exposeHeadRoute: head,
    config: { readsBody: body },
    onRequest: async (request, reply) => {
      if (door === 'admin' && !mayAsk(service, addressOf(request))) await text(reply, 403, MAY_ASK)
    },
    handler: async (request, reply) => {
      const answer = await handle({
        method: request.method,
        params: paramsOf(request),
        query: queryOf(request),
        headers: request.headers,
        address: addressOf(request),
        body: Buffer.isBuffer(request.body) ? request.body : NO_BODY,
      })
      if ('json' in answer) return reply.send(answer.json)
      if ('file' in answer) {
        const isAsset = answer.file.root === service.configuration.assets
        return sendFile(request, reply, answer.file, isAsset ? hot : undefined)
      }
      const { status = 200, type = 'text/plain; charset=utf-8', headers = {} } = answer
      return reply.code(status).headers(headers).type(type).send(answer.body)
    },
  })
}
