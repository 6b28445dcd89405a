import { harmless } from '../log/harmless.ts'
import type { Usage } from '../state/state-store.ts'
import { rememberedOf } from './machines.ts'
import type { Outcome } from './outcome.ts'
import type { BootService } from './service.ts'

/** One machine as `bootwire status` shows it. */
export interface MachineStatus {
  readonly mac: string
  readonly boot?: string
  readonly stage: string
  /** What this boot has come to. */
  readonly outcome: Outcome
  /** What went wrong, or what should have come by now. */
  readonly because?: string
  readonly profile?: string
  readonly why?: string
  readonly ip?: string
  readonly since?: string
  readonly last?: string
  /** Id of its record, if there is one. */
  readonly machine?: string
  readonly name?: string
  /** The profile that it is installed with. */
  readonly installed?: string
  readonly next?: string
  /** Who asked for an installation that is not done yet. */
  readonly asked?: string
  /** Why it boots nothing but its disk. */
  readonly held?: string
  /** Why it is not clear which machine it is. */
  readonly conflict?: string
}

export interface Status {
  readonly base: string
  readonly ports: {
    readonly dhcp: number | undefined
    readonly tftp: number
    readonly http: number
  }
  readonly upSeconds: number
  readonly configuration: {
    readonly source: string
    readonly revision: string
    readonly loadedAt: string
    /** The last reload that was refused, and why; the configuration above stayed in force. */
    readonly rejected?: { readonly at: string; readonly problems: readonly string[] }
    readonly restartNeeded: readonly string[]
  }
  readonly machines: readonly MachineStatus[]
  /** Machines remembered, and the most that can be. */
  readonly state: Usage
  readonly droppedEvents: number
}

const iso = (ms: number): string => new Date(ms).toISOString()

export const statusOf = (service: BootService): Status => {
  const { sessions, decisions, offered, log, configuration, loadStatus, store } = service
  return {
    base: offered.server.base,
    ports: service.ports,
    upSeconds: Math.round(process.uptime()),
    configuration: {
      source: configuration.source,
      revision: configuration.revision,
      ...loadStatus,
    },
    machines: sessions.all().map((session) => {
      const record = decisions.recordOfMac(session.mac)
      return {
        mac: session.mac,
        boot: session.boot,
        stage: session.stage,
        ...service.outcomes.of(session.mac, service.nowMs, service.wantsAnswer(session.mac)),
        ...(session.profile !== undefined && { profile: session.profile }),
        ...(session.why !== undefined && { why: session.why }),
        ...(session.ip !== undefined && { ip: session.ip }),
        since: iso(session.startedMs),
        last: iso(session.lastMs),
        ...(record && rememberedOf(record)),
      }
    }),
    state: store.usage,
    droppedEvents: log.dropped,
  }
}

/** What `/readyz` says: ready, and where a change of the configuration was refused, what is served instead and why. */
export const readinessOf = ({ loadStatus }: BootService): string => {
  const { loadedAt, rejected } = loadStatus
  if (!rejected) return 'ready\n'
  const [first = '', ...more] = rejected.problems
  return [
    'ready',
    `the configuration of ${loadedAt.slice(11, 16)} UTC is served; the change of ${rejected.at.slice(11, 16)} UTC was refused:`,
    `  ${harmless(first)}`,
    ...(more.length > 0 ? [`  and ${more.length} more; bootwire check lists them`] : []),
    '',
  ].join('\n')
}
