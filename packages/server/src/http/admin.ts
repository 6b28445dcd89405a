import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { BootService } from '../boot/service.ts'
import { statusOf } from '../boot/status.ts'
import { contains, parseCidr } from '../decide/cidr.ts'
import { ARCHITECTURE_NAMES, explain, EXPLAIN_STAGES } from '../explain/explain.ts'
import { explainPacket } from '../explain/packet.ts'
import { messageOf } from '../model/errors.ts'
import { normalizeMac } from '../model/facts.ts'
import { addressOf, pathPart, queryOf } from './parameters.ts'

const MAY_ASK = 'only this host and the networks in `server.http.admin` may ask this\n'

const plain = (reply: FastifyReply, status: number, body: string): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(body)

/** Explanations hold answers, and so secrets: only this host may see them unless the configuration names networks. */
const mayAsk = (service: BootService, request: FastifyRequest): boolean => {
  const ip = addressOf(request)
  if (ip === '::1' || ip === service.offered.server.address) return true
  return service.configuration.server.http.admin.some((network) => {
    const cidr = parseCidr(network)
    return cidr !== undefined && contains(cidr, ip)
  })
}

const architectureOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return 0
  if (/^\d{1,5}$/.test(text)) return Number(text)
  return Object.hasOwn(ARCHITECTURE_NAMES, text) ? ARCHITECTURE_NAMES[text] : undefined
}

/** Explanations and status, and what changes a machine's state by hand. */
export const registerAdmin = (app: FastifyInstance, service: BootService): void => {
  void app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (!mayAsk(service, request)) await plain(reply, 403, MAY_ASK)
    })
    scope.get('/status', () => statusOf(service))
    scope.get('/explain', async (request, reply) => {
      const { arch, stage: wanted, packet, port, ...query } = queryOf(request)
      if (packet !== undefined) {
        const source = { address: '0.0.0.0', port: 68 }
        try {
          return explainPacket(
            service.decisions,
            packet,
            port === '4011' ? 4011 : 67,
            source,
            'explain',
          )
        } catch (error) {
          return plain(reply, 400, `${messageOf(error)}\n`)
        }
      }
      const architecture = architectureOf(arch)
      if (architecture === undefined)
        return plain(
          reply,
          400,
          `arch must be a number or one of ${Object.keys(ARCHITECTURE_NAMES).join(', ')}\n`,
        )
      const stage = EXPLAIN_STAGES.find((each) => each === wanted)
      if (wanted !== undefined && stage === undefined)
        return plain(reply, 400, `stage must be one of ${EXPLAIN_STAGES.join(', ')}\n`)
      return explain(
        service.decisions,
        query,
        architecture,
        stage,
        query['ip'] ?? addressOf(request),
      )
    })
    scope.post('/machines/:mac/:action', async (request, reply) => {
      const mac = normalizeMac(pathPart(request, 'mac'))
      const action = pathPart(request, 'action')
      if (mac === undefined) return plain(reply, 400, 'the path needs a hardware address\n')
      const profile = queryOf(request)['profile']
      const result = await service.changeByHand(mac, action, profile)
      return result.ok ? result.state : plain(reply, 400, `${result.why}\n`)
    })
  })
}
