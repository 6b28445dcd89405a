import { createHash } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { messageOf } from '../../model/errors.ts'
import { merged } from '../by-hand.ts'
import { identify } from '../identify.ts'
import { identitiesOf, type Identity, type IdentityFacts } from '../identity.ts'
import { newRecord, type MachineRecord } from '../machine-record.ts'
import { StateError } from '../state-error.ts'

const OLD = 'state.json'

export interface OldState {
  readonly records: readonly MachineRecord[]
  /** Renames the old file, once its records are in the journal; returns what to tell the operator. */
  readonly keepAside: () => string
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const timeOf = (value: unknown): number => {
  const timeMs = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(timeMs) ? 0 : timeMs
}

/** What one machine of the old file is known by: one address, and what its last script was made from. */
const factsOf = (mac: string, old: Record<string, unknown>): IdentityFacts => {
  const last = isObject(old['last']) ? old['last'] : {}
  const facts = isObject(last['facts']) ? last['facts'] : {}
  const [uuid, serial, name] = [
    textOf(facts['uuid']),
    textOf(facts['serial']),
    textOf(facts['name']),
  ]
  return {
    macs: [mac],
    ...(uuid !== undefined && { uuid }),
    ...(serial !== undefined && { serial }),
    ...(name !== undefined && { name }),
  }
}

const recordOf = (
  mac: string,
  old: Record<string, unknown>,
  known: readonly Identity[],
): MachineRecord => {
  const id = createHash('sha256').update(mac).digest('hex').slice(0, 12)
  const pending = isObject(old['pending']) ? old['pending'] : undefined
  const token = textOf(pending?.['token'])
  const identities: readonly Identity[] = token === undefined ? known : [...known, `token:${token}`]
  const boots = typeof old['boots'] === 'number' ? old['boots'] : 0
  const installed = isObject(old['installed']) ? old['installed'] : undefined
  const next = textOf(old['next'])
  const profile = textOf(installed?.['profile'])
  const timeMs = timeOf(installed?.['at'])
  const awaited = {
    profile: textOf(pending?.['profile']) ?? 'unknown',
    installation: installed ? 2 : 1,
    boot: boots,
    attempts: 1,
    retries: 0,
  }
  return {
    ...newRecord(id, identities),
    boots,
    installations: Number(installed !== undefined) + Number(pending !== undefined),
    ...(installed && {
      installed: { ...(profile !== undefined && { profile }), installation: 1, boot: 0, timeMs },
    }),
    ...(pending && { pending: awaited }),
    ...(next !== undefined && { next: { profile: next, by: 'Bootwire 0.1', timeMs: 0 } }),
  }
}

/**
 * Reads the state of Bootwire 0.1, which knew machines by one address each. Cards of one machine are joined as a boot of it
 * would join them; in doubt each keeps its record, and the one that is installed keeps what both were seen with.
 * @throws {StateError} it is there and cannot be understood: nothing is migrated by halves
 */
export const migrateOldState = (folder: string): OldState | undefined => {
  const path = join(folder, OLD)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return undefined
    throw error
  }
  const installedFirst = Object.entries(parse(path, text)).toSorted(
    ([, a], [, b]) => Number(isObject(b['installed'])) - Number(isObject(a['installed'])),
  )
  const records = new Map<string, MachineRecord>()
  const owners = new Map<Identity, string>()
  for (const [mac, old] of installedFirst) {
    const facts = factsOf(mac, old)
    const ids = new Set(identitiesOf(facts).map((identity) => owners.get(identity)))
    const found = [...ids].flatMap((id) => (id === undefined ? [] : (records.get(id) ?? [])))
    const who = identify(facts, found, () => true)
    const record = recordOf(
      mac,
      old,
      identitiesOf(facts).filter((identity) => !owners.has(identity)),
    )
    const one = who.kind === 'one' ? merged(who.record, record) : undefined
    const kept = one?.ok ? one.record : record
    records.set(kept.id, kept)
    for (const identity of kept.identities) owners.set(identity, kept.id)
  }
  return {
    records: [...records.values()],
    keepAside: () => {
      const keptAs = `${path}.migrated`
      renameSync(path, keptAs)
      return `the state of ${records.size} machines was taken over from ${path}, which is kept as ${keptAs}`
    },
  }
}

const parse = (path: string, text: string): Record<string, Record<string, unknown>> => {
  const fail = (why: string): StateError =>
    new StateError(
      'BW-STATE-DAMAGED',
      `${path}, the state of Bootwire 0.1, cannot be taken over: ${why}; put a copy of it back, or move it away: then every machine is unknown and may be installed again`,
    )
  try {
    const file: unknown = JSON.parse(text)
    if (!isObject(file) || file['version'] !== 1 || !isObject(file['machines'])) {
      throw fail('it is not a state file of version 1')
    }
    const machines: Record<string, Record<string, unknown>> = {}
    for (const [mac, machine] of Object.entries(file['machines'])) {
      if (!isObject(machine) || typeof machine['boots'] !== 'number')
        throw fail(`the entry of ${mac} is not a machine's state`)
      machines[mac] = machine
    }
    return machines
  } catch (error) {
    throw error instanceof StateError ? error : fail(messageOf(error))
  }
}
