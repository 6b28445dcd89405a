import type { Data } from '@bootwire-internal/go-template'

import { messageOf, ServerError } from '../../model/errors.ts'
import { parseMac } from './query.ts'

export type JsonObject = Readonly<Record<string, Data>>

/** `groups/ID.json` */
export interface Group {
  readonly id: string
  readonly name: string
  readonly profile: string
  readonly selector: ReadonlyMap<string, string>
  readonly metadata: JsonObject
}

/** What a machine boots. */
export interface NetBoot {
  readonly kernel: string
  readonly initrd: readonly string[]
  readonly args: readonly string[]
}

/** `profiles/ID.json` */
export interface Profile {
  readonly id: string
  readonly name: string
  readonly ignitionId: string
  readonly cloudId: string
  readonly genericId: string
  readonly boot?: NetBoot
}

const refuse = (message: string): never => {
  throw new ServerError('ERR_SERVER_DATA', message)
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Half a surrogate is U+FFFD. */
const wellFormed = (text: string): string => text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')

/** Go's decoder takes no number that a float64 cannot hold. */
const asGo = (value: unknown): Data => {
  if (typeof value === 'number' && !Number.isFinite(value))
    return refuse('a number is out of range')
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(asGo)
  if (!isObject(value)) return null
  const entries = Object.entries(value).map(([key, item]) => [wellFormed(key), asGo(item)] as const)
  // Not Object.fromEntries alone: a key may be `__proto__`.
  return Object.fromEntries(entries)
}

/** The object of a file, by the names of its fields in lower case: Go matches them without regard to case. */
const fieldsOf = (text: string): ReadonlyMap<string, Data> => {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return refuse(messageOf(error))
  }
  if (parsed === null) return new Map()
  const value = asGo(parsed)
  if (!isObject(value)) return refuse('an object is wanted')
  return new Map(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]))
}

type Fields = ReadonlyMap<string, Data>

const textIn = (fields: Fields, name: string): string => {
  const value = fields.get(name) ?? null
  if (value === null) return ''
  return typeof value === 'string' ? value : refuse(`${name} must be a string`)
}

const textsIn = (fields: Fields, name: string): readonly string[] => {
  const value = fields.get(name) ?? null
  if (value === null) return []
  if (!Array.isArray(value)) return refuse(`${name} must be a list of strings`)
  return value.map((item: Data) =>
    item === null
      ? ''
      : typeof item === 'string'
        ? item
        : refuse(`${name} must be a list of strings`),
  )
}

const objectIn = (fields: Fields, name: string): JsonObject => {
  const value = fields.get(name) ?? null
  if (value === null) return {}
  return isObject(value) ? value : refuse(`${name} must be an object`)
}

const selectorOf = (fields: Fields): ReadonlyMap<string, string> => {
  const selector = new Map<string, string>()
  for (const [key, value] of Object.entries(objectIn(fields, 'selector'))) {
    if (value !== null && typeof value !== 'string') refuse(`selector ${key} must be a string`)
    const text = typeof value === 'string' ? value : ''
    if (key.toLowerCase() !== 'mac') selector.set(key, text)
    else
      selector.set(key, parseMac(text) ?? refuse(`selector ${key}: ${text} is no hardware address`))
  }
  return selector
}

/** @throws {ServerError} `ERR_SERVER_DATA` */
export const parseGroup = (text: string): Group => {
  const fields = fieldsOf(text)
  return {
    id: textIn(fields, 'id'),
    name: textIn(fields, 'name'),
    profile: textIn(fields, 'profile'),
    selector: selectorOf(fields),
    metadata: objectIn(fields, 'metadata'),
  }
}

/** @throws {ServerError} `ERR_SERVER_DATA` */
export const parseProfile = (text: string): Profile => {
  const fields = fieldsOf(text)
  const id = textIn(fields, 'id')
  if (id === '') refuse('id is required')
  const given = fields.get('boot') ?? null
  const boot = new Map(
    Object.entries(objectIn(fields, 'boot')).map(([key, item]) => [key.toLowerCase(), item]),
  )
  return {
    id,
    name: textIn(fields, 'name'),
    ignitionId: textIn(fields, 'ignition_id'),
    cloudId: textIn(fields, 'cloud_id'),
    genericId: textIn(fields, 'generic_id'),
    ...(given !== null && {
      boot: {
        kernel: textIn(boot, 'kernel'),
        initrd: textsIn(boot, 'initrd'),
        args: textsIn(boot, 'args'),
      },
    }),
  }
}
