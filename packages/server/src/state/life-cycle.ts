import type { BootPlan, Choice, FindProfile } from './boot-plan.ts'
import type { Identity } from './identity.ts'
import {
  MAX_REPORTS,
  seen,
  without,
  withoutId,
  type MachineRecord,
  type OptionalKey,
  type ReportNote,
  type ReportOutcome,
} from './machine-record.ts'

/** A boot as its signed URL names it: how many came before, and what tells two URLs of that count apart. */
export interface BootMark {
  readonly number: number
  readonly nonce: string
}

/** What is noted beside a change: never looked at again. */
export interface Noted {
  readonly timeMs: number
  readonly address?: string
  readonly facts?: Readonly<Record<string, string>>
}

/** Whether the last boot that counted was this one: its script is asked for again. */
export const isAskedAgain = ({ last }: MachineRecord, { number, nonce }: BootMark): boolean =>
  last?.boot === number && last.nonce === nonce

const OVER: BootPlan = {
  kind: 'disk',
  cause: 'done',
  why: 'the installation of this boot is over',
}

/**
 * What the boot that counted last gets when it asks again: the same, unless its installation is over by now or the
 * machine was stopped meanwhile.
 */
export const planAgain = (record: MachineRecord, find: FindProfile): BootPlan => {
  const { last, pending, installed, hold, contested } = record
  const why = 'this boot asks for its script again'
  if (!last || last.kind === 'disk') return { kind: 'disk', cause: 'installed', why }
  if (hold || contested?.length) return OVER
  const { profile, installation, boot } = last
  if (last.kind === 'profile') return { kind: 'profile', profile, usesNext: false, why }
  const once = find(profile)?.once
  const awaited = pending?.installation === installation && pending?.boot === boot
  // `done: script`: this very fetch was the installation.
  const fetched = once?.done === 'script' && installed?.boot === boot && !pending
  if (!once || installation === undefined || !(awaited || fetched)) return OVER
  return { kind: 'install', profile, once, installation, usesNext: false, why }
}

/** The record after a script was fetched by a signed URL that counts for the first time. */
export const scriptCounted = (
  record: MachineRecord,
  mark: BootMark,
  plan: BootPlan,
  choice: Choice,
  identities: readonly Identity[],
  { timeMs, address, facts }: Noted,
): MachineRecord => {
  const known = seen(record, identities)
  const profile = plan.kind === 'disk' ? 'local' : plan.profile
  const after: MachineRecord = {
    ...(plan.kind !== 'disk' && plan.usesNext ? without(known, 'next') : known),
    boots: mark.number,
    last: {
      boot: mark.number,
      nonce: mark.nonce,
      kind: plan.kind,
      profile,
      ...(plan.kind === 'install' && { installation: plan.installation }),
      ...(address !== undefined && { address }),
      ...(facts && { facts }),
      timeMs,
    },
  }
  return plan.kind === 'install'
    ? opened(after, plan, mark.number, timeMs)
    : plan.kind === 'disk'
      ? adopted(after, choice)
      : after
}

/** The installer was handed out. */
const opened = (
  record: MachineRecord,
  { profile, once, installation }: Extract<BootPlan, { kind: 'install' }>,
  boot: number,
  timeMs: number,
): MachineRecord => {
  const what = { profile, ...(once.id !== undefined && { onceId: once.id }), installation, boot }
  const rest = record.hold?.cause === 'failed' ? without(record, 'hold', 'failed') : record
  const base = { ...rest, installations: Math.max(record.installations, installation) }
  if (once.done === 'script') return installedAs(base, { ...what, timeMs })
  const before = record.pending?.installation === installation ? record.pending.attempts : 0
  return { ...base, pending: { ...what, attempts: before + 1, retries: once.retries } }
}

/** Notes what the file gives an installed machine now: an id that is written next time is compared with that. */
const adopted = (record: MachineRecord, { profile, once, by }: Choice): MachineRecord => {
  const { installed, assigned } = record
  if (!installed || !once || by === 'person' || record.hold || record.contested?.length)
    return record
  const known = assigned ?? installed
  if (known.profile === profile && known.onceId === once.id) return record
  return { ...record, assigned: { profile, ...(once.id !== undefined && { onceId: once.id }) } }
}

const installedAs = (
  record: MachineRecord,
  installed: NonNullable<MachineRecord['installed']>,
): MachineRecord => {
  const { pending, ask, hold } = record
  const { installation } = installed
  const over: OptionalKey[] = ['assigned', 'failed']
  if (pending && pending.installation <= installation) over.push('pending')
  if (ask && ask.installation <= installation) over.push('ask')
  if (hold?.cause === 'failed') over.push('hold')
  const installations = Math.max(record.installations, installation)
  return { ...without(record, ...over), installations, installed }
}

/** A report whose token is genuine. */
export interface Report {
  readonly status: 'done' | 'failed'
  readonly installation: number
  readonly boot: number
  readonly reason?: string
  /** Its token names a record that was merged into this one: its counts are not this record's. */
  readonly ofMerged?: boolean
}

/** What a report does, apart from being noted. */
type Effect = { readonly outcome: ReportOutcome; readonly takes: boolean }

const effectOfDone = (record: MachineRecord, report: Report): Effect => {
  const { installed, pending, ask, installations, boots, voided } = record
  const { installation, boot } = report
  if (report.ofMerged) return { outcome: 'of-merged', takes: !installed && !ask }
  if (voided !== undefined && installation <= voided) return { outcome: 'forgotten', takes: false }
  if (installed && installed.installation >= installation) {
    const newer = installed.installation > installation
    if (newer) return { outcome: 'superseded', takes: false }
    if (installed.boot === boot) return { outcome: 'again', takes: false }
    return installed.boot > boot
      ? { outcome: 'late', takes: false }
      : { outcome: 'taken', takes: true }
  }
  if (pending && pending.installation > installation) return { outcome: 'superseded', takes: false }
  // The store was put back to an earlier state; the installer knows better than we do.
  if (installation > installations || boot > boots) return { outcome: 'ahead', takes: true }
  if (ask && ask.installation > installation) return { outcome: 'superseded', takes: true }
  return { outcome: boot < (pending?.boot ?? boots) ? 'late' : 'taken', takes: true }
}

const effectOfFailed = (record: MachineRecord, report: Report): Effect => {
  const { installed, pending, failed, voided } = record
  const { installation, boot } = report
  if (report.ofMerged) return { outcome: 'of-merged', takes: false }
  if (voided !== undefined && installation <= voided) return { outcome: 'forgotten', takes: false }
  if (installed && installed.installation >= installation)
    return {
      outcome: installed.installation > installation ? 'superseded' : 'after-done',
      takes: false,
    }
  if (pending?.installation !== installation) return { outcome: 'superseded', takes: false }
  if (failed?.installation === installation && failed.boot === boot)
    return { outcome: 'again', takes: false }
  return boot === pending.boot
    ? { outcome: 'taken', takes: true }
    : { outcome: 'late', takes: false }
}

/** What was installed, as far as it is still known. */
const whatOf = (
  { pending, last, installed }: MachineRecord,
  installation: number,
): { readonly profile?: string; readonly onceId?: string } => {
  if (pending?.installation === installation) {
    const { profile, onceId } = pending
    return { profile, ...(onceId !== undefined && { onceId }) }
  }
  if (last?.installation === installation) return { profile: last.profile }
  return installed?.installation === installation && installed.profile !== undefined
    ? { profile: installed.profile }
    : {}
}

const doneTaken = (record: MachineRecord, report: Report, timeMs: number): MachineRecord => {
  const { installation, boot, ofMerged } = report
  if (ofMerged) return installedAs(record, { installation: 0, boot: 0, timeMs })
  const what = { ...whatOf(record, installation), installation, boot, timeMs }
  // Installed by a record that was merged into this one, sooner or later than this: whose id it has, nobody knows.
  const isEither = record.installed?.installation === 0 && record.ask?.installation !== installation
  return installedAs(record, isEither ? withoutId(what) : what)
}

const failedTaken = (record: MachineRecord, report: Report, timeMs: number): MachineRecord => {
  const { installation, boot, reason } = report
  const count = (record.failed?.installation === installation ? record.failed.count : 0) + 1
  const why = reason === undefined ? {} : { reason }
  const failed = { installation, boot, count, ...why, timeMs }
  const held = count > (record.pending?.retries ?? 0) && !record.hold
  return {
    ...record,
    failed,
    ...(held && { hold: { cause: 'failed', by: 'its own report', ...why, timeMs } }),
  }
}

/**
 * A report comes in. `done` marks the machine as installed unless somebody asked for another installation meanwhile, that
 * one has begun, or the machine was forgotten; a state of "installed" is never taken back by a report.
 */
export const reported = (
  record: MachineRecord,
  report: Report,
  { timeMs, address }: Noted,
): { readonly record: MachineRecord; readonly outcome: ReportOutcome } => {
  const { status, installation, boot, reason } = report
  const effect = status === 'done' ? effectOfDone(record, report) : effectOfFailed(record, report)
  const { outcome, takes } = effect
  // Told again, nothing is new: an installer that repeats itself costs no write.
  if (outcome === 'again') return { record, outcome }
  const changed = !takes
    ? record
    : status === 'done'
      ? doneTaken(record, report, timeMs)
      : failedTaken(record, report, timeMs)
  const from = record.last?.boot === boot ? record.last.address : undefined
  const note: ReportNote = {
    status,
    outcome,
    installation,
    boot,
    ...(reason !== undefined && { reason }),
    ...(address !== undefined &&
      from !== undefined &&
      from !== address && { otherAddress: address }),
    timeMs,
  }
  return {
    record: { ...changed, reports: [...(record.reports ?? []), note].slice(-MAX_REPORTS) },
    outcome,
  }
}
