import { createServer } from 'node:http'

import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'

import { factsScript } from '../boot/ipxe-scripts.ts'
import type { BootService } from '../boot/service.ts'
import { readinessOf } from '../boot/status.ts'
import { contentTypeOf } from '../model/answer-formats.ts'
import { messageOf } from '../model/errors.ts'
import { normalizeMac } from '../model/facts.ts'
import { registerAdmin } from './admin.ts'
import { logAsset, registerFiles } from './files.ts'
import { HotFiles } from './hot-files.ts'
import { addressOf, pathPart, queryOf } from './parameters.ts'

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

const script = (reply: FastifyReply, body: string): FastifyReply =>
  reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(body)

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
export const createHttpApp = (service: BootService): FastifyInstance => {
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
  // Reports may come with any body, or none; only the URL counts.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { bodyLimit: HTTP_LIMITS.bodyBytes }, (_request, payload, done) => {
    payload.resume()
    payload.once('end', () => done(null))
  })
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
  registerRoutes(app, service)
  registerAdmin(app, service)
  registerFiles(app, service, hot)
  return app
}

const registerRoutes = (app: FastifyInstance, service: BootService): void => {
  app.get('/', (_request, reply) => text(reply, 200, 'bootwire\n'))
  app.get('/healthz', (_request, reply) => text(reply, 200, 'ok\n'))
  app.get('/readyz', (_request, reply) => text(reply, 200, readinessOf(service)))
  app.get('/boot.ipxe', (_request, reply) =>
    script(reply, factsScript(`${service.offered.server.base}/script?final=1`, true).text),
  )
  app.get('/script', async (request, reply) => {
    const { text: body } = await service.script(queryOf(request), addressOf(request))
    return script(reply, body)
  })
  app.get('/answers/:mac/:answer', (request, reply) => {
    const mac = normalizeMac(pathPart(request, 'mac'))
    if (mac === undefined) return text(reply, 400, 'the path needs a hardware address\n')
    const decision = service.answer(mac, pathPart(request, 'answer'), addressOf(request))
    if (!decision.found) return text(reply, 404, `${decision.why}\n`)
    return reply
      .header('cache-control', 'no-store')
      .type(contentTypeOf(decision.format))
      .send(decision.text)
  })
  for (const url of ['/report/:token', '/report/:token/:status']) {
    app.route({
      method: ['GET', 'POST', 'PUT'],
      url,
      // A HEAD, as link checkers send it, must not use up the token.
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const said = pathPart(request, 'status') || queryOf(request)['status']
        const status = said === 'failed' ? 'failed' : 'done'
        const result = await service.report(pathPart(request, 'token'), status, addressOf(request))
        if (result === 'done' || result === 'failed') return text(reply, 200, `${result}\n`)
        return text(reply, 404, 'this token is not known, has expired or has been used\n')
      },
    })
  }
}
