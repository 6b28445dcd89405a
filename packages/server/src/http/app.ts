import { createServer } from 'node:http'

import fastify, { type FastifyInstance } from 'fastify'

import type { BootService } from '../boot/service.ts'
import { contains, parseCidr } from '../decide/cidr.ts'
import type { NamedFeature } from '../seam/registry.ts'
import { DOOR_OPTIONS, prepareApp, register, routesOf } from './base-app.ts'
import { limitConnections } from './connection-limits.ts'
import { logAsset, logFiles, logMissing, sendFromRoot } from './files.ts'
import { HotFiles } from './hot-files.ts'
import { HTTP_LIMITS } from './limits.ts'
import { UsualResponse } from './usual-response.ts'

/** Whether an address is that of a reverse proxy whose word on who asks is taken. */
const trustOf = (networks: readonly string[]): ((ip: string) => boolean) => {
  const trusted = networks.flatMap((network) => parseCidr(network) ?? [])
  return (ip) => trusted.some((cidr) => contains(cidr, ip.replace(/^::ffff:/, '')))
}

/** The boot door: scripts, answers, reports and files. It decides nothing itself, and knows no rights. */
export const createHttpApp = (
  service: BootService,
  features: readonly NamedFeature[] = [],
): FastifyInstance => {
  const hot = new HotFiles()
  const { trustedProxies } = service.configuration.server.http
  const app = fastify({
    ...DOOR_OPTIONS,
    // What is being sent may end: the daemon gives it a few seconds.
    forceCloseConnections: 'idle',
    ...(trustedProxies.length > 0 && { trustProxy: trustOf(trustedProxies) }),
    serverFactory: (handler) =>
      createServer(
        {
          ServerResponse: UsualResponse,
          maxHeaderSize: HTTP_LIMITS.headerBytes,
          headersTimeout: HTTP_LIMITS.headersTimeoutMs,
          requestTimeout: HTTP_LIMITS.requestTimeoutMs,
          keepAliveTimeout: HTTP_LIMITS.idleTimeoutMs,
          connectionsCheckingInterval: HTTP_LIMITS.checkIntervalMs,
        },
        (request, response) => {
          // Behind a proxy the framework finds out whose file it is.
          const isDirect =
            trustedProxies.length === 0 || request.headers['x-forwarded-for'] === undefined
          const file = isDirect
            ? hot.serve(request, response, service.configuration.assets)
            : undefined
          if (!file) {
            handler(request, response)
            return
          }
          const ip = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
          const path = request.url?.split('?')[0] ?? ''
          logAsset(service, { ip, path, status: 200, bytes: file.body.length, durationMs: 0 })
        },
      ),
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: 4096 },
  })
  app.server.maxConnections = HTTP_LIMITS.connections
  limitConnections(app.server, {
    perAddress: HTTP_LIMITS.connectionsPerAddress,
    isExempt: trustOf(trustedProxies),
    onRefused: (refused) => service.log.emit('http.limited', { ...refused }),
  })
  prepareApp(app, service, (request, reply) => sendFromRoot(request, reply, service, hot))
  logMissing(app, service)
  for (const route of routesOf('boot', service, features)) register(app, service, route, { hot })
  logFiles(app, service)
  return app
}
