import type { Identity } from './identity.ts'
import {
  MAX_IDENTITIES,
  newRecord,
  seen,
  SHARED_ID,
  without,
  withoutId,
  type Contest,
  type MachineRecord,
} from './machine-record.ts'

/** Who asked for a change, and when: a note. */
export interface Asked {
  readonly by: string
  readonly timeMs: number
}

/** A change that a person asked for: done, or not, with the sentence why. */
export type ByHand =
  | { readonly ok: true; readonly record: MachineRecord }
  | { readonly ok: false; readonly why: string }

/** `bootwire install`: one more installation, whatever there was before; it stands until its report says done. */
export const requestInstall = (
  record: MachineRecord,
  { by, timeMs }: Asked,
  profile?: string,
): ByHand => {
  const { hold, contested } = record
  if (contested?.length)
    return { ok: false, why: 'it is not clear which machine this is; merge or split it first' }
  if (hold?.cause === 'person')
    return { ok: false, why: `it is held by ${hold.by}; release it first` }
  const installation = record.installations + 1
  const ask = { installation, by, timeMs, ...(profile !== undefined && { profile }) }
  return {
    ok: true,
    record: { ...without(record, 'failed', 'hold'), installations: installation, ask },
  }
}

/** `bootwire next`: a profile for one boot. */
export const setNext = (record: MachineRecord, profile: string, { by, timeMs }: Asked): ByHand => {
  const { hold } = record
  if (hold?.cause === 'person')
    return { ok: false, why: `it is held by ${hold.by}; release it first` }
  return {
    ok: true,
    record: { ...without(record, 'failed', 'hold'), next: { profile, by, timeMs } },
  }
}

/** `bootwire forget`: as if never installed. Identities and counts stay, so that no old token or URL is good again. */
export const forgotten = (record: MachineRecord): MachineRecord => ({
  id: record.id,
  identities: record.identities,
  boots: record.boots,
  installations: record.installations,
  ...(record.installations > 0 && { voided: record.installations }),
  ...(record.contested && { contested: record.contested }),
})

/** `bootwire hold`: nothing but its disk until it is released. */
export const held = (
  record: MachineRecord,
  { by, timeMs }: Asked,
  reason?: string,
): MachineRecord => ({
  ...record,
  hold: { cause: 'person', by, timeMs, ...(reason !== undefined && { reason }) },
})

/** `bootwire hold --release`. */
export const released = (record: MachineRecord): MachineRecord => without(record, 'hold', 'failed')

/** Notes that an identity of this machine also belongs to another. */
export const contestedBy = (record: MachineRecord, contest: Contest): MachineRecord => {
  const known = record.contested ?? []
  const there = known.some(
    ({ identity, other }) => identity === contest.identity && other === contest.other,
  )
  // One is enough to stop it; a few tell a person what is going on.
  return there || known.length >= 8 ? record : { ...record, contested: [...known, contest] }
}

/** A record whose contests are those that a test keeps. */
export const settled = (
  record: MachineRecord,
  keeps: (contest: Contest) => boolean,
): MachineRecord => {
  const contested = (record.contested ?? []).filter(keeps)
  return contested.length > 0 ? { ...record, contested } : without(record, 'contested')
}

/**
 * `bootwire merge INTO FROM`: two records are one machine. It is installed if one of them was; what was asked for the
 * record that goes is not asked for the one that stays, since nobody may have meant that. Counts are those of the record
 * that stays: a token of the other is known by the id that it names. Which of the two installations came last is not known,
 * so none of their `once: { id }` is held against the file: the id of the next boot is.
 */
export const merged = (into: MachineRecord, from: MachineRecord): ByHand => {
  const identities: Identity[] = [...into.identities]
  for (const identity of [...from.identities, `id:${from.id}` as const])
    if (!identities.includes(identity)) identities.push(identity)
  if (identities.length > MAX_IDENTITIES) {
    const why = `together they have ${identities.length} identities; a machine has at most ${MAX_IDENTITIES}`
    return { ok: false, why }
  }
  const other = from.installed && { ...from.installed, installation: 0, boot: 0 }
  const installed = into.installed ?? other
  const { pending } = into
  const hold = into.hold ?? from.hold
  const record: MachineRecord = {
    ...without(into, 'last', 'ask', 'next', 'assigned'),
    identities,
    // Higher than both, so that no URL that is under way counts for the whole.
    boots: Math.max(into.boots, from.boots) + 1,
    ...(installed && { installed: withoutId(installed) }),
    ...(pending && { pending: withoutId(pending) }),
    ...(hold && { hold }),
    contested: [...(into.contested ?? []), ...(from.contested ?? [])],
  }
  const isOpen = ({ other: id }: Contest) => id !== into.id && !identities.includes(`id:${id}`)
  return { ok: true, record: settled(record, isOpen) }
}

/** Identities as a person names them, that are not the record's. */
const notOf = (record: MachineRecord, identities: readonly Identity[]): string | undefined =>
  identities.find((identity) => !record.identities.includes(identity))

/** Both halves of a record, or why it cannot be split so. */
export type Halves =
  | { readonly ok: true; readonly kept: MachineRecord; readonly split: MachineRecord }
  | { readonly ok: false; readonly why: string }

/**
 * `bootwire split MACHINE IDENTITY…`: one record was two machines. Both count as installed if it did; which of them is not,
 * a person says with `bootwire install` or `forget`.
 */
export const splitOff = (
  record: MachineRecord,
  identities: readonly Identity[],
  newId: string,
): Halves => {
  const stranger = notOf(record, identities)
  if (stranger !== undefined)
    return { ok: false, why: `${stranger} is not an identity of this machine` }
  const kept = record.identities.filter((identity) => !identities.includes(identity))
  if (kept.length === 0 || identities.length === 0)
    return { ok: false, why: 'each of the two machines must keep an identity' }
  const { boots, installations, installed, assigned, hold, voided } = record
  return {
    ok: true,
    kept: { ...without(record, 'contested'), identities: kept },
    split: {
      ...newRecord(newId, identities),
      boots,
      installations,
      ...(installed && { installed }),
      ...(assigned && { assigned }),
      ...(hold && { hold }),
      ...(voided !== undefined && { voided }),
    },
  }
}

/** `bootwire split --shared IDENTITY`: it is of no machine. The identity goes from its record to {@link SHARED_ID}'s. */
export const declaredShared = (
  record: MachineRecord,
  identity: Identity,
  shared: MachineRecord | undefined,
): Halves => {
  if (!record.identities.includes(identity))
    return { ok: false, why: `${identity} is not an identity of this machine` }
  return {
    ok: true,
    kept: {
      ...without(record, 'contested'),
      identities: record.identities.filter((each) => each !== identity),
    },
    split: seen(shared ?? newRecord(SHARED_ID, []), [identity]),
  }
}
