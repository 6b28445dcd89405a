import { basename, dirname } from 'node:path'

import { MACHINE_ACTIONS } from '../boot/by-hand.ts'
import { configuredOf } from '../boot/configured.ts'
import { factsScript } from '../boot/ipxe-scripts.ts'
import { machinesOf } from '../boot/machines.ts'
import type { BootService } from '../boot/service.ts'
import { readinessOf, statusOf } from '../boot/status.ts'
import type { ReportResult } from '../boot/take-report.ts'
import { ARCHITECTURE_NAMES, explain, EXPLAIN_STAGES } from '../explain/explain.ts'
import { explainPacket } from '../explain/packet.ts'
import { contentTypeOf } from '../model/answer-formats.ts'
import { messageOf } from '../model/errors.ts'
import { macsIn, normalizeMac } from '../model/facts.ts'
import { servedPath } from '../model/paths.ts'
import { ASKS_ONLY, CORE_CLAIMS, type CoreRoute } from '../seam/core-claims.ts'
import type { Panel } from '../seam/feature.ts'
import {
  textAnswer,
  type Handler,
  type Route,
  type RouteAnswer,
  type RouteRequest,
} from '../seam/route.ts'
import type { ReportOutcome } from '../state/machine-record.ts'

const NO_STORE = { 'cache-control': 'no-store' } as const
const NO_MAC = textAnswer(400, 'the path needs a hardware address\n')
const NOT_FOUND = textAnswer(404, 'not found\n')

const NOBODY =
  'no machine booted from your address, or more than one, and you named none; ask for /answers/MAC/NAME\n'

const script = (body: string): RouteAnswer => ({ headers: NO_STORE, body })

/** What came of a report, for the installer's log. */
const REPORT_WORDS: Readonly<Partial<Record<ReportOutcome, string>>> = {
  superseded: 'noted, but another installation was asked for or has begun since',
  'after-done': 'noted, but this installation was reported as done before',
  forgotten: 'noted, but this machine was forgotten since',
  'of-merged': 'noted; this machine is known as part of another now',
}

const reportAnswer = (result: ReportResult, status: string): RouteAnswer => {
  if (result.kind === 'noted') return textAnswer(200, `${REPORT_WORDS[result.outcome] ?? status}\n`)
  if (result.kind === 'refused') return textAnswer(404, 'this is no report token of this server\n')
  return textAnswer(503, 'the report cannot be noted now; send it again\n')
}

const architectureOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return 0
  if (/^\d{1,5}$/.test(text)) return Number(text)
  return Object.hasOwn(ARCHITECTURE_NAMES, text) ? ARCHITECTURE_NAMES[text] : undefined
}

const explainHandler =
  ({ decisions }: { readonly decisions: () => BootService['decisions'] }): Handler =>
  async ({ query: asked, address }) => {
    const { arch, stage: wanted, packet, port, ...query } = asked
    if (packet !== undefined) {
      const source = { address: '0.0.0.0', port: 68 }
      try {
        const on = port === '4011' ? 4011 : 67
        return { json: explainPacket(decisions(), packet, on, source, 'explain') }
      } catch (error) {
        return textAnswer(400, `${messageOf(error)}\n`)
      }
    }
    const architecture = architectureOf(arch)
    if (architecture === undefined) {
      const names = Object.keys(ARCHITECTURE_NAMES).join(', ')
      return textAnswer(400, `arch must be a number or one of ${names}\n`)
    }
    const stage = EXPLAIN_STAGES.find((each) => each === wanted)
    if (wanted !== undefined && stage === undefined)
      return textAnswer(400, `stage must be one of ${EXPLAIN_STAGES.join(', ')}\n`)
    const ip = query['ip'] ?? (address || '192.0.2.100')
    return { json: await explain(decisions(), query, architecture, stage, ip) }
  }

const panelsOf = (panels: readonly Panel[]): object =>
  panels.length === 0
    ? {}
    : { panels: panels.map(({ title, columns, rows }) => ({ title, columns, rows: rows() })) }

/** What the core answers, for every row of {@link CORE_CLAIMS}. It decides nothing itself. */
const handlersFor = (
  service: BootService,
  panels: readonly Panel[],
): Readonly<Record<CoreRoute, Handler>> => {
  const report: Handler = async ({ params, query, address }) => {
    const said = params['status'] || query['status']
    const { reason } = query
    const result = await service.report(params['token'] ?? '', {
      status: said === 'failed' ? 'failed' : 'done',
      ...(reason !== undefined && { reason }),
      ip: address,
    })
    return reportAnswer(result, said === 'failed' ? 'failed' : 'done')
  }
  const answer = (mac: string, { params, address, localAddress }: RouteRequest): RouteAnswer => {
    const decision = service.answer(mac, params['answer'] ?? '', address, localAddress)
    if (!decision.found) return textAnswer(decision.status, `${mac}: ${decision.why}\n`)
    return { headers: NO_STORE, type: contentTypeOf(decision.format), body: decision.text }
  }
  return {
    root: () => textAnswer(200, 'bootwire\n'),
    healthz: () => textAnswer(200, 'ok\n'),
    readyz: () => textAnswer(200, readinessOf(service)),
    bootIpxe: ({ localAddress }) => {
      const { base } = service.decisions.at(localAddress).offered.server
      return script(factsScript(`${base}/script?final=1`, true).text)
    },
    script: async ({ method, headers, query, address, localAddress }) => {
      const mode = headers[ASKS_ONLY] !== undefined ? 'ask' : method === 'HEAD' ? 'look' : 'boot'
      return script((await service.script(query, address, mode, localAddress)).text)
    },
    answer: (request) => {
      const mac = normalizeMac(request.params['mac'] ?? '')
      return mac === undefined ? NO_MAC : answer(mac, request)
    },
    answerHere: (request) => {
      const mac = service.machineAt(request.address, macsIn(request.body))
      return mac === undefined ? textAnswer(404, NOBODY) : answer(mac, request)
    },
    report,
    reportStatus: report,
    assets: ({ params }) => {
      const { assets: root } = service.configuration
      const path = servedPath(params['*'] ?? '')
      return root === undefined || path === undefined ? NOT_FOUND : { file: { path, root } }
    },
    ipxe: ({ params }) => {
      const name = servedPath(params['*'] ?? '')
      const path = service.offered.ipxe.find(({ file }) => file === name)?.path
      if (path === undefined) return NOT_FOUND
      return { file: { path: basename(path), root: dirname(path) } }
    },
    status: () => ({ json: { ...statusOf(service), ...panelsOf(panels) } }),
    explain: explainHandler({ decisions: () => service.decisions }),
    configured: () => ({ json: { machines: configuredOf(service.configuration) } }),
    machines: async () => ({ json: { machines: await machinesOf(service) } }),
    machine: async ({ params, query, asker }) => {
      const action = MACHINE_ACTIONS.find((each) => each === params['action'])
      if (!action) {
        const names = MACHINE_ACTIONS.join(', ')
        return textAnswer(400, `"${params['action'] ?? ''}" is none of ${names}\n`)
      }
      const result = await service.order(params['machine'] ?? '', action, query, asker)
      return result.ok ? { json: { machines: result.records } } : textAnswer(400, `${result.why}\n`)
    },
  }
}

/** The routes of the core. */
export const coreRoutes = (service: BootService, panels: readonly Panel[]): Route[] =>
  Object.entries(handlersFor(service, panels)).map(([name, handle]) => ({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are those of CORE_CLAIMS
    ...CORE_CLAIMS[name as CoreRoute],
    handle,
  }))
