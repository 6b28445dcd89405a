import { isIdentity, type Identity } from '../identity.ts'
import { bodyText, isForgettable, parseBody, type MachineRecord } from '../machine-record.ts'
import { StateError } from '../state-error.ts'

// The payload of a frame is lines of fields that tabs part:
//
//   +ID  REVISION  f or nothing  JSON of the record without id and identities  IDENTITY…
//   -ID  REVISION                the record is gone
//   k    KEY…                    the keys, newest first, in base64
//   .                            the store was closed in order
//
// `f`: the record may be given up when the store is full. Identities stand apart so that reading a journal needs no JSON.

/** A record in memory: text until it is asked for, since a hundred thousand objects would keep the collector busy. */
export interface Kept {
  readonly revision: number
  readonly isForgettable: boolean
  /** JSON and identities, parted by tabs. */
  readonly text: string
}

export type Line =
  | { readonly kind: 'put'; readonly id: string; readonly kept: Kept }
  | { readonly kind: 'gone'; readonly id: string; readonly revision: number }
  | { readonly kind: 'keys'; readonly keys: readonly Uint8Array[] }
  | { readonly kind: 'closed' }

export const keptOf = (record: MachineRecord, revision: number): Kept => {
  const text = [bodyText(record), ...record.identities].join('\t')
  return { revision, isForgettable: isForgettable(record), text }
}

export const identitiesOfKept = ({ text }: Kept): Identity[] => {
  const [, ...identities] = text.split('\t')
  return identities.filter(isIdentity)
}

export const recordOf = (id: string, kept: Kept): MachineRecord => {
  const body = parseBody(kept.text.split('\t', 1)[0] ?? '')
  if (!body) throw new StateError('BW-STATE-VERSION', `the record of ${id} is none of this version`)
  return { ...body, id, identities: identitiesOfKept(kept) }
}

export const putLine = (id: string, { revision, isForgettable: f, text }: Kept): string =>
  `+${id}\t${revision}\t${f ? 'f' : ''}\t${text}\n`

export const goneLine = (id: string, revision: number): string => `-${id}\t${revision}\n`

export const keysLine = (keys: readonly Uint8Array[]): string =>
  `k\t${keys.map((key) => Buffer.from(key).toString('base64')).join('\t')}\n`

export const CLOSED_LINE = '.\n'

/** The line between two places of a frame's text; undefined: it is none that this version writes. */
export const readLine = (text: string, from: number, to: number): Line | undefined => {
  const kind = text[from]
  if (kind === '.') return { kind: 'closed' }
  if (kind === 'k') {
    const fields = text.slice(from + 2, to).split('\t')
    return { kind: 'keys', keys: fields.map((field) => Buffer.from(field, 'base64')) }
  }
  const idEnd = text.indexOf('\t', from)
  if (idEnd < 0 || idEnd >= to) return undefined
  const id = text.slice(from + 1, idEnd)
  if (kind === '-') return { kind: 'gone', id, revision: Number(text.slice(idEnd + 1, to)) }
  const revisionEnd = text.indexOf('\t', idEnd + 1)
  const flagEnd = text.indexOf('\t', revisionEnd + 1)
  if (kind !== '+' || revisionEnd < 0 || flagEnd < 0 || flagEnd >= to) return undefined
  const kept = {
    revision: Number(text.slice(idEnd + 1, revisionEnd)),
    isForgettable: flagEnd > revisionEnd + 1,
    text: text.slice(flagEnd + 1, to),
  }
  return { kind: 'put', id, kept }
}
