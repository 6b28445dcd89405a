import { isIdentity, type Identity } from '../identity.ts'
import { bodyText, parseBody, type MachineRecord } from '../machine-record.ts'
import type { Stored } from '../state-store.ts'
import { base64, field, fromBase64, numberOf } from './gateway.ts'

// Below the prefix:
//
//   machine/ID         JSON of the record
//   identity/IDENTITY  the id of the record that has it
//   keys               keys for tokens and URLs, base64, one a line, newest first
//   format             the version of all this
//   replica/NAME       who is there, on a lease

export interface KeyNames {
  readonly machines: string
  readonly identities: string
  readonly keys: string
  readonly format: string
  readonly replicas: string
}

export const keyNames = (prefix: string): KeyNames => {
  const base = prefix.endsWith('/') ? prefix : `${prefix}/`
  return {
    machines: `${base}machine/`,
    identities: `${base}identity/`,
    keys: `${base}keys`,
    format: `${base}format`,
    replicas: `${base}replica/`,
  }
}

/** The first key after all that begin with a prefix. */
export const rangeEnd = (prefix: string): string => {
  const bytes = Buffer.from(prefix)
  bytes[bytes.length - 1] = bytes.at(-1)! + 1
  return bytes.toString('base64')
}

export const valueOf = (record: MachineRecord): string =>
  base64(JSON.stringify({ identities: record.identities, body: bodyText(record) }))

/** A record from a key-value pair; undefined: it is none that this version wrote. */
export const storedOf = (pair: unknown, machines: string): Stored | undefined => {
  const key = fromBase64(field(pair, 'key'))
  const value: unknown = JSON.parse(fromBase64(field(pair, 'value')) || 'null')
  const [identities, text] = [field(value, 'identities'), field(value, 'body')]
  const body = typeof text === 'string' ? parseBody(text) : undefined
  if (!body || !Array.isArray(identities)) return undefined
  const known: Identity[] = identities.filter(
    (each): each is Identity => typeof each === 'string' && isIdentity(each),
  )
  const record: MachineRecord = { ...body, id: key.slice(machines.length), identities: known }
  return { record, revision: numberOf(field(pair, 'mod_revision')) }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The pairs of a range's answer, or of each range of a transaction's. */
export const pairsOf = (answer: unknown): readonly unknown[] => [
  ...listOf(field(answer, 'kvs')),
  ...listOf(field(answer, 'responses')).flatMap((each) =>
    listOf(field(each, 'response_range', 'kvs')),
  ),
]

export const eventsOf = (answer: unknown): readonly unknown[] =>
  listOf(field(answer, 'result', 'events'))
