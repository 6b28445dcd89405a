import type { IncomingMessage } from 'node:http'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { BootService } from '../boot/service.ts'
import { messageOf, ServerError } from '../model/errors.ts'
import type { NamedFeature } from '../seam/registry.ts'
import { clashesOf, type Admission, type Door, type Route } from '../seam/route.ts'
import { sendFile } from './files.ts'
import { coreRoutes } from './handlers.ts'
import type { HotFiles } from './hot-files.ts'
import { HTTP_LIMITS } from './limits.ts'
import { addressOf, localAddressOf, paramsOf, queryOf } from './parameters.ts'
import { sendParts } from './parts.ts'

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

type NotFound = (
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply | Promise<FastifyReply>

const nothing: NotFound = (_request, reply) => text(reply, 404, 'not found\n')

/** What both doors do with bodies, errors and, unless a door knows better, paths that nobody claims. */
export const prepareApp = (
  app: FastifyInstance,
  service: BootService,
  onUnclaimed: NotFound = nothing,
): void => {
  // Any body may come, or none; only routes that say so read it.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { bodyLimit: HTTP_LIMITS.bodyBytes }, readBody)
  app.setNotFoundHandler(onUnclaimed)
  app.setErrorHandler((error, request, reply) => {
    const { status, contentRange } = readError(error)
    if (contentRange !== undefined) void reply.header('content-range', contentRange)
    if (status >= 500) {
      const path = request.url.split('?')[0]
      service.log.emit('warning', { ip: addressOf(request), why: messageOf(error), path })
    }
    return text(reply, status, status >= 500 ? 'internal error\n' : 'bad request\n')
  })
}

/** How both doors are made. */
export const DOOR_OPTIONS = {
  logger: false,
  bodyLimit: HTTP_LIMITS.bodyBytes,
  requestTimeout: HTTP_LIMITS.requestTimeoutMs,
  keepAliveTimeout: HTTP_LIMITS.idleTimeoutMs,
  // Also ends a download that its client no longer reads.
  connectionTimeout: HTTP_LIMITS.idleTimeoutMs,
  exposeHeadRoutes: true,
  return503OnClosing: false,
  // A URL that cannot be decoded.
  frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply): void =>
    void text(reply, 400, 'bad request\n'),
} as const

/**
 * Every route of a door, of the core and of features.
 * @throws {ServerError} `ERR_SERVER_CONFIG`: two claim one path
 */
export const routesOf = (
  door: Door,
  service: BootService,
  features: readonly NamedFeature[],
): readonly Route[] => {
  const panels = features.flatMap((feature) => feature.panels ?? [])
  const routes = [
    ...coreRoutes(service, panels).map((route) => ({ ...route, owner: 'the core' })),
    ...features.flatMap(({ name, routes: own = [] }) =>
      own.map((route) => ({ ...route, owner: name })),
    ),
  ]
  const [clash] = clashesOf(routes)
  if (clash !== undefined) throw new ServerError('ERR_SERVER_CONFIG', clash)
  return routes.filter((route) => route.door === door)
}

/** What a door has besides its routes. */
export interface DoorTools {
  /** Small files that were sent. */
  readonly hot?: HotFiles
  /** Whether a request may come in, and who asks. Default: anybody, and nobody knows. */
  readonly admit?: (request: FastifyRequest, route: Route) => Admission
}

const ANYBODY: Admission = { ok: true, asker: '' }

/** Puts one row of the table of routes on the server. */
export const register = (
  app: FastifyInstance,
  service: BootService,
  route: Route,
  { hot, admit = () => ANYBODY }: DoorTools,
): void => {
  const { path, methods = ['GET'], head = true, body = false, handle } = route
  const askers = new WeakMap<FastifyRequest, string>()
  app.route({
    method: [...methods],
    url: path,
    exposeHeadRoute: head,
    config: { readsBody: body },
    onRequest: async (request, reply) => {
      const admission = admit(request, route)
      if (admission.ok) {
        askers.set(request, admission.asker)
        return
      }
      const { status, why } = admission
      const asked = request.url.split('?')[0]
      service.log.emit('http.refused', { ip: addressOf(request), path: asked, why })
      if (status === 401) void reply.header('www-authenticate', 'Bearer')
      await text(reply, status, `${why}\n`)
    },
    handler: async (request, reply) => {
      const answer = await handle({
        method: request.method,
        params: paramsOf(request),
        query: queryOf(request),
        headers: request.headers,
        address: addressOf(request),
        localAddress: localAddressOf(request),
        asker: askers.get(request) ?? '',
        body: Buffer.isBuffer(request.body) ? request.body : NO_BODY,
      })
      if ('parts' in answer) return sendParts(request, reply, answer.parts)
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
