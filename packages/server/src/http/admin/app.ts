import fastify, { type FastifyInstance } from 'fastify'

import type { BootService } from '../../boot/service.ts'
import type { NamedFeature } from '../../seam/registry.ts'
import { DOOR_OPTIONS, prepareApp, register, routesOf, type DoorTools } from '../base-app.ts'
import { HTTP_LIMITS } from '../limits.ts'
import { admitBySocket, admitByToken } from './access.ts'

/** How people and programs come in: by the socket on this host, or over TCP with a token. */
export type AdminEntrance = 'socket' | 'tcp'

/** The admin door: status, explanations, orders, and what features have for people. */
export const createAdminApp = (
  service: BootService,
  features: readonly NamedFeature[],
  entrance: AdminEntrance,
): FastifyInstance => {
  const app = fastify({
    ...DOOR_OPTIONS,
    forceCloseConnections: true,
    http: { maxHeaderSize: HTTP_LIMITS.headerBytes },
    routerOptions: { maxParamLength: 4096 },
  })
  app.server.maxConnections = HTTP_LIMITS.adminConnections
  prepareApp(app, service)
  const admit: DoorTools['admit'] = ({ headers }, claim) =>
    entrance === 'socket'
      ? admitBySocket(headers)
      : admitByToken(service.configuration.server.admin, headers, claim)
  for (const route of routesOf('admin', service, features)) register(app, service, route, { admit })
  return app
}
