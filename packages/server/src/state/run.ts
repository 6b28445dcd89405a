import { createHash } from 'node:crypto'

import { merged, settled, splitOff, declaredShared, type ByHand } from './by-hand.ts'
import { identitiesOf, type Identity, type IdentityFacts } from './identity.ts'
import { SHARED_ID, type MachineRecord } from './machine-record.ts'
import { StateError } from './state-error.ts'
import type { StateStore, Stored, Write } from './state-store.ts'
import {
  identitiesOfClaims,
  reportStep,
  scriptStep,
  type ReportAnswer,
  type ReportRequest,
  type ScriptAnswer,
  type ScriptRequest,
  type Step,
  type TokenClaims,
} from './steps.ts'

/** Tries of one change: with each, somebody else has made one. */
const MAX_TRIES = 32

/** Reads, works out a step and commits it; begins again where somebody else was faster. */
const run = async <T>(
  store: StateStore,
  read: () => Promise<readonly Stored[]>,
  step: (found: readonly Stored[]) => Step<T>,
): Promise<T> => {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- each try looks at what the one before left
    const { writes, answer } = step(await read())
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (writes.length === 0 || (await store.commit(writes))) return answer
  }
  throw new StateError(
    'BW-STATE-BUSY',
    `one machine's record was changed by others ${MAX_TRIES} times in a row; try again`,
  )
}

/** A script is fetched by signed URL: what it shall hold, once that is durable. */
export const countScript = (store: StateStore, request: ScriptRequest): Promise<ScriptAnswer> =>
  run(
    store,
    () => store.find(identitiesOf(request.facts)),
    (found) => scriptStep(request, found),
  )

/** A report with a genuine token: what became of it, once that is durable. */
export const takeReport = (store: StateStore, request: ReportRequest): Promise<ReportAnswer> =>
  run(
    store,
    async () => {
      const { claims } = request
      const [own, found] = await Promise.all([
        store.get(claims.machine),
        store.find(identitiesOfClaims(claims)),
      ])
      return own ? [own, ...found] : found
    },
    (found) => reportStep(request, found),
  )

/** What a report token of Bootwire 0.1 says, for an installation that was running while the state was migrated. */
export const claimsOfOldToken = async (
  store: StateStore,
  token: string,
): Promise<TokenClaims | undefined> => {
  const hash = createHash('sha256').update(token).digest('hex')
  const [stored] = await store.find([`token:${hash}`])
  if (!stored) return undefined
  const { id, pending, installations, boots } = stored.record
  return {
    machine: id,
    installation: pending?.installation ?? installations,
    boot: pending?.boot ?? boots,
  }
}

/** What a change by hand came to. */
export type ByHandAnswer =
  | { readonly ok: true; readonly records: readonly MachineRecord[] }
  | { readonly ok: false; readonly why: string }

/** Changes one record, or makes one for identities that none has yet (`next` for a machine that never came). */
export const changeByHand = (
  store: StateStore,
  who: string | IdentityFacts,
  newId: () => string,
  change: (record: MachineRecord) => ByHand | MachineRecord,
): Promise<ByHandAnswer> =>
  run(
    store,
    () => readNamed(store, who),
    (found): Step<ByHandAnswer> => {
      const [before, second] = found.filter(({ record }) => record.id !== SHARED_ID)
      if (second) {
        const ids = found.map(({ record }) => record.id).join(' and ')
        return no(`${ids} match; name one of them, or merge them`)
      }
      const identities = typeof who === 'string' ? [] : identitiesOf(who)
      if (!before && identities.length === 0) return no('no machine is known by that')
      const base = before?.record ?? { id: newId(), identities, boots: 0, installations: 0 }
      const changed = change(base)
      if ('ok' in changed && !changed.ok) return no(changed.why)
      const after = 'ok' in changed ? changed.record : changed
      return done([{ ...(before && { before }), after }])
    },
  )

/** `bootwire merge INTO FROM`. */
export const mergeMachines = (
  store: StateStore,
  into: string,
  from: string,
): Promise<ByHandAnswer> =>
  run(
    store,
    () => readAll(store, [into, from]),
    (found): Step<ByHandAnswer> => {
      const one = found.find(({ record }) => record.id === into)
      const other = found.find(({ record }) => record.id === from)
      if (!one || !other || one === other)
        return no(`${into} and ${from} are not two machines that are known`)
      const result = merged(one.record, other.record)
      if (!result.ok) return result.ok ? no('') : no(result.why)
      return done([{ before: one, after: result.record }, { before: other }])
    },
  )

/** `bootwire split MACHINE IDENTITY…`. */
export const splitMachine = (
  store: StateStore,
  id: string,
  identities: readonly Identity[],
  newId: () => string,
): Promise<ByHandAnswer> =>
  run(
    store,
    () => readWithContests(store, id),
    (found): Step<ByHandAnswer> => {
      const before = found.find(({ record }) => record.id === id)
      if (!before) return no(`no machine is known as ${id}`)
      const halves = splitOff(before.record, identities, newId())
      if (!halves.ok) return no(halves.why)
      return done([
        { before, after: halves.kept },
        { after: halves.split },
        ...settleOthers(found, id),
      ])
    },
  )

/** `bootwire split MACHINE --shared IDENTITY`: more than one machine has it, so it says nothing of any. */
export const declareShared = (
  store: StateStore,
  id: string,
  identity: Identity,
): Promise<ByHandAnswer> =>
  run(
    store,
    async () => [...(await readWithContests(store, id)), ...(await readAll(store, [SHARED_ID]))],
    (found): Step<ByHandAnswer> => {
      const before = found.find(({ record }) => record.id === id)
      if (!before) return no(`no machine is known as ${id}`)
      const nobody = found.find(({ record }) => record.id === SHARED_ID)
      const halves = declaredShared(before.record, identity, nobody?.record)
      if (!halves.ok) return no(halves.why)
      return done([
        { before, after: halves.kept },
        { ...(nobody && { before: nobody }), after: halves.split },
        ...settleOthers(found, id),
      ])
    },
  )

const no = (why: string): Step<ByHandAnswer> => ({ writes: [], answer: { ok: false, why } })

const done = (writes: readonly Write[]): Step<ByHandAnswer> => ({
  writes,
  answer: { ok: true, records: writes.flatMap(({ after }) => (after ? [after] : [])) },
})

/** The other sides of a record's contests, without them: a person has said how it is. */
const settleOthers = (found: readonly Stored[], id: string): Write[] =>
  found
    .filter(({ record }) => record.contested?.some(({ other }) => other === id))
    .map((before) => ({ before, after: settled(before.record, ({ other }) => other !== id) }))

const readAll = async (store: StateStore, ids: readonly string[]): Promise<readonly Stored[]> => {
  const found = await Promise.all(ids.map((id) => store.get(id)))
  return found.filter((stored) => stored !== undefined)
}

const readNamed = async (
  store: StateStore,
  who: string | IdentityFacts,
): Promise<readonly Stored[]> => {
  if (typeof who !== 'string') return store.find(identitiesOf(who))
  const own = await store.get(who)
  return own ? [own] : store.find([`id:${who}`, `name:${who}`])
}

const readWithContests = async (store: StateStore, id: string): Promise<readonly Stored[]> => {
  const [own] = await readAll(store, [id])
  if (!own) return []
  const others = own.record.contested?.map(({ other }) => other) ?? []
  return [own, ...(await readAll(store, [...new Set(others)]))]
}
