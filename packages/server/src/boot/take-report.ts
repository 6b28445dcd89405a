import type { EventLog } from '../log/event-log.ts'
import type { ReportOutcome } from '../state/machine-record.ts'
import { claimsOfOldToken, takeReport } from '../state/run.ts'
import { StateError } from '../state/state-error.ts'
import type { StateStore } from '../state/state-store.ts'
import { readReportToken } from '../state/tokens.ts'
import type { Sessions } from './sessions.ts'

/** What an installer says. */
export interface ReportSaid {
  readonly status: 'done' | 'failed'
  /** Why it failed, in its own words. */
  readonly reason?: string
  readonly ip: string
}

export type ReportResult =
  | { readonly kind: 'noted'; readonly outcome: ReportOutcome }
  /** The token is none of ours. */
  | { readonly kind: 'refused' }
  /** It cannot be noted now; the same report is good later. */
  | { readonly kind: 'away'; readonly why: string }

interface ReportTools {
  readonly store: StateStore
  readonly sessions: Sessions
  readonly log: EventLog
  readonly keys: readonly Uint8Array[]
  readonly timeMs: number
}

const MAX_REASON = 255

/** Takes an installer's report to the record of its machine, and logs what became of it. */
export const tellReport = async (
  { store, sessions, log, keys, timeMs }: ReportTools,
  token: string,
  { status, reason, ip }: ReportSaid,
): Promise<ReportResult> => {
  const read = readReportToken(keys, token)
  try {
    const claims = read?.genuine ? read.claims : await claimsOfOldToken(store, token)
    if (!claims) {
      const named = read && { mac: read.claims.mac, machine: read.claims.machine }
      const why = named
        ? 'the report names this machine, but its token is not genuine: it was made by another server, or changed'
        : 'no report token'
      log.emit('http.refused', { ip, path: '/report/…', ...named, why })
      return { kind: 'refused' }
    }
    const noted = { timeMs, address: ip }
    const said = reason === undefined ? {} : { reason: reason.slice(0, MAX_REASON) }
    const { outcome, record } = await takeReport(store, { claims, status, ...said, noted })
    const card = record.identities.find((identity) => identity.startsWith('mac:'))
    const mac = claims.mac ?? card?.slice('mac:'.length)
    const session = mac === undefined ? undefined : sessions.touch(mac, 'reported')
    const note = record.reports?.at(-1)
    log.emit('boot.report', {
      boot: session?.boot,
      mac,
      machine: record.id,
      ip,
      status,
      outcome,
      profile: record.installed?.profile ?? record.pending?.profile,
      ...said,
      ...(note?.otherAddress !== undefined && { bootedFrom: record.last?.address }),
    })
    return { kind: 'noted', outcome }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    log.emit('warning', { ip, mac: read?.claims.mac, code: error.reason, why: error.message })
    return { kind: 'away', why: error.message }
  }
}
