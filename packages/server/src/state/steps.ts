import { planBoot, type BootPlan, type Choice, type FindProfile } from './boot-plan.ts'
import { contestedBy } from './by-hand.ts'
import { identify, type Who } from './identify.ts'
import type { Identity, IdentityFacts } from './identity.ts'
import {
  planAgain,
  isAskedAgain,
  reported,
  scriptCounted,
  type BootMark,
  type Noted,
  type Report,
} from './life-cycle.ts'
import {
  newRecord,
  seen,
  SHARED_ID,
  type MachineRecord,
  type ReportOutcome,
} from './machine-record.ts'
import type { Stored, Write } from './state-store.ts'

/** What a request does: the writes that must be durable before the answer may be given. */
export interface Step<T> {
  readonly writes: readonly Write[]
  readonly answer: T
}

/** A script is asked for by a signed URL. */
export interface ScriptRequest {
  readonly facts: IdentityFacts
  readonly mark: BootMark
  /** The record that the URL names; absent: the machine was not known when the URL was made. */
  readonly machine?: string
  /** What the rules, a menu or a person chose, given what is remembered. */
  readonly choose: (record: MachineRecord | undefined) => Choice
  readonly find: FindProfile
  readonly isEntry: (name: string) => boolean
  /** Whether a boot of this profile must be remembered though it installs nothing: its answers ask for it. */
  readonly remember: boolean
  readonly noted: Noted
  /** An id that no record has. */
  readonly newId: () => string
}

export type ScriptAnswer =
  | {
      readonly kind: 'boot'
      readonly plan: BootPlan
      /** The record as it is once the writes are made; absent: this boot needs none. */
      readonly record?: MachineRecord
      readonly again: boolean
    }
  /** The URL is not that of the machine's next boot: iPXE is sent to a new one. Nothing changes. */
  | { readonly kind: 'chain'; readonly record?: MachineRecord }
  | { readonly kind: 'conflict'; readonly who: Extract<Who, { kind: 'conflict' }> }

const storedOf = (found: readonly Stored[], record: MachineRecord): Stored =>
  found.find((stored) => stored.record.id === record.id)!

/** Notes a conflict on every record that it concerns; a machine that has none yet gets one to note it on. */
const contestStep = (
  request: ScriptRequest,
  found: readonly Stored[],
  who: Extract<Who, { kind: 'conflict' }>,
): Step<ScriptAnswer> => {
  const stranger =
    who.records.length === 1 && who.fresh.length > 0
      ? newRecord(request.newId(), who.fresh)
      : undefined
  const all = stranger ? [...who.records, stranger] : who.records
  const writes = all.flatMap((record): Write[] => {
    const others = all.filter(({ id }) => id !== record.id)
    // What it was seen with is not lost, or it would come back as a machine that nobody knows.
    const known = record === who.records[0] && !stranger ? seen(record, who.fresh) : record
    const after = others.reduce(
      (each, { id }) => contestedBy(each, { identity: who.over[0]!, other: id }),
      known,
    )
    if (record === stranger) return [{ after }]
    return after === record ? [] : [{ before: storedOf(found, record), after }]
  })
  return { writes, answer: { kind: 'conflict', who } }
}

/** An installer that is handed out again is rendered from the file as it is now, so its id is the one of now. */
const handedAgain = (record: MachineRecord, plan: BootPlan): MachineRecord => {
  const { pending } = record
  if (plan.kind !== 'install' || !pending || pending.onceId === plan.once.id) return record
  const { onceId: _old, ...rest } = pending
  const { id } = plan.once
  return { ...record, pending: { ...rest, ...(id !== undefined && { onceId: id }) } }
}

/** What the fetch of a script by signed URL does; `found` are the records that have any of its identities. */
export const scriptStep = (
  request: ScriptRequest,
  found: readonly Stored[],
): Step<ScriptAnswer> => {
  const { facts, mark, machine, choose, find, isEntry, remember, noted, newId } = request
  const who = identify(
    facts,
    found.map(({ record }) => record),
    isEntry,
  )
  if (who.kind === 'conflict') return contestStep(request, found, who)
  const record = who.kind === 'one' ? who.record : undefined
  const chain: Step<ScriptAnswer> = {
    writes: [],
    answer: { kind: 'chain', ...(record && { record }) },
  }
  if (machine !== undefined && record?.id !== machine) return chain
  if (record && isAskedAgain(record, mark)) {
    const plan = planAgain(record, find)
    const after = handedAgain(seen(record, who.fresh), plan)
    // An installer is handed out only if the record is still what was read, though nothing in it changes.
    const isWritten = plan.kind === 'install' || after !== record
    const writes = isWritten ? [{ before: storedOf(found, record), after }] : []
    return { writes, answer: { kind: 'boot', plan, record: after, again: true } }
  }
  if (mark.number !== (record?.boots ?? 0) + 1) return chain
  const choice = choose(record)
  const plan = planBoot(record, choice, find)
  if (!record && plan.kind !== 'install' && !remember)
    return { writes: [], answer: { kind: 'boot', plan, again: false } }
  const base = record ?? newRecord(newId(), who.fresh)
  const after = scriptCounted(base, mark, plan, choice, who.fresh, noted)
  const before = record && storedOf(found, record)
  return {
    writes: [{ ...(before && { before }), after }],
    answer: { kind: 'boot', plan, record: after, again: false },
  }
}

/** What a genuine token says. */
export interface TokenClaims {
  readonly machine: string
  readonly installation: number
  readonly boot: number
  /** A card of the machine: finds or makes its record again where that is gone. */
  readonly mac?: string
}

export interface ReportRequest {
  readonly claims: TokenClaims
  readonly status: 'done' | 'failed'
  readonly reason?: string
  readonly noted: Noted
}

export interface ReportAnswer {
  readonly outcome: ReportOutcome
  readonly record: MachineRecord
}

/** The identities by which the record of a token is found, beside its id. */
export const identitiesOfClaims = ({ machine, mac }: TokenClaims): Identity[] => [
  `id:${machine}`,
  ...(mac === undefined ? [] : [`mac:${mac}` as const]),
]

/** The record that a token is about: a split may have taken its card to another, a merge its id. */
const ownerOf = ({ machine, mac }: TokenClaims, found: readonly Stored[]): Stored | undefined => {
  const own = found.find(({ record }) => record.id === machine)
  const card = found.find(
    ({ record }) =>
      record.id !== SHARED_ID && record.identities.some((each) => each === `mac:${mac}`),
  )
  const heir = found.find(({ record }) => record.identities.includes(`id:${machine}`))
  return card ?? own ?? heir
}

/**
 * What a report does; `found` are the records that {@link identitiesOfClaims} finds, and the one of the token's own id. A
 * record that is gone, because the store was full of machines that never came back, is made again: an installation that is
 * done is never forgotten.
 */
export const reportStep = (
  { claims, status, reason, noted }: ReportRequest,
  found: readonly Stored[],
): Step<ReportAnswer> => {
  const { machine, installation, boot, mac } = claims
  const before = ownerOf(claims, found)
  const isTaken =
    mac !== undefined && found.some(({ record }) => record.identities.includes(`mac:${mac}`))
  const base =
    before?.record ?? newRecord(machine, mac === undefined || isTaken ? [] : [`mac:${mac}`])
  const report: Report = {
    status,
    installation,
    boot,
    ...(reason !== undefined && { reason }),
    ...(base.id !== machine && { ofMerged: true }),
  }
  const { record, outcome } = reported(base, report, noted)
  const writes = record === base ? [] : [{ ...(before && { before }), after: record }]
  return { writes, answer: { outcome, record } }
}
