import { toBytes, type ByteString } from './bytes.ts'

/** A slice of `[]interface{}`: a window on what may be seen by others as well. */
export interface List {
  readonly kind: 'list'
  readonly items: readonly Value[]
  readonly start: number
  readonly length: number
  /** How far it may be sliced beyond its length. */
  readonly capacity: number
}

export interface GoMap {
  readonly kind: 'map'
  /** In the order of their keys. */
  readonly entries: ReadonlyMap<ByteString, Value>
  /** `map[string]string` instead of `map[string]interface {}`. */
  readonly ofStrings: boolean
}

/** A value that has a type. */
export type Typed = (
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'uint8'; readonly value: bigint }
  | { readonly kind: 'float64'; readonly value: number }
  | { readonly kind: 'complex128'; readonly re: number; readonly im: number }
  | { readonly kind: 'string'; readonly value: ByteString }
  | List
  | GoMap
) & {
  /** It was an element of a map or a list: its static type is `interface {}`. */
  readonly isBoxed?: boolean
}

/** `invalid` is no value at all; `nil` is an `interface {}` that holds nothing. */
export type Value = Typed | { readonly kind: 'invalid' } | { readonly kind: 'nil' }

export const INVALID: Value = { kind: 'invalid' }
export const NIL: Value = { kind: 'nil' }

export const boolValue = (value: boolean): Typed => ({ kind: 'bool', value })
export const intValue = (value: number | bigint): Typed => ({ kind: 'int', value: BigInt(value) })
export const stringValue = (value: ByteString): Typed => ({ kind: 'string', value })

/** What an `interface {}` holds. */
export const unboxed = (value: Value): Exclude<Value, { kind: 'nil' }> => {
  if (value.kind === 'nil') return { kind: 'invalid' }
  if (value.kind === 'invalid' || !value.isBoxed) return value
  return { ...value, isBoxed: false }
}

const boxed = (value: Value): Value =>
  value.kind === 'nil' || value.kind === 'invalid' ? NIL : { ...value, isBoxed: true }

/** Bytes in the order in which Go sorts the keys of maps. */
const byBytes = (a: ByteString, b: ByteString): number => (a < b ? -1 : a > b ? 1 : 0)

/** What Go's append leaves room for, one element after the other, as its JSON decoder does. */
const capacityOf = (length: number): number => {
  let capacity = 1
  while (capacity < length && capacity < 512) capacity *= 2
  return length === 0 ? 0 : Math.max(capacity, length)
}

/** Data as Go's JSON decoder makes it, with maps that hold strings only for those of {@link stringMap}. */
export type Data =
  | null
  | boolean
  | number
  | string
  | readonly Data[]
  | StringMap
  | { readonly [key: string]: Data }

/** A `map[string]string`. */
export class StringMap {
  readonly entries: ReadonlyMap<string, string>
  constructor(entries: ReadonlyMap<string, string>) {
    this.entries = entries
  }
}

const isList = (data: Data): data is readonly Data[] => Array.isArray(data)

export const valueOf = (data: Data): Value => {
  if (data === null) return NIL
  if (typeof data === 'boolean') return boolValue(data)
  if (typeof data === 'number') return { kind: 'float64', value: data }
  if (typeof data === 'string') return stringValue(toBytes(data))
  if (isList(data)) {
    const items = data.map((item) => boxed(valueOf(item)))
    const { length } = items
    return { kind: 'list', items, start: 0, length, capacity: capacityOf(length) }
  }
  const ofStrings = data instanceof StringMap
  const pairs: [string, Value][] = ofStrings
    ? [...data.entries].map(([key, text]) => [toBytes(key), stringValue(toBytes(text))])
    : Object.entries(data).map(([key, value]) => [toBytes(key), boxed(valueOf(value))])
  pairs.sort(([a], [b]) => byBytes(a, b))
  return { kind: 'map', entries: new Map(pairs), ofStrings }
}

/** The name of a type, as `%T` prints it. */
export const typeOf = (value: Exclude<Value, { kind: 'invalid' }>): string => {
  if (value.kind === 'nil' || value.isBoxed) return 'interface {}'
  if (value.kind === 'list') return '[]interface {}'
  if (value.kind === 'map') return value.ofStrings ? 'map[string]string' : 'map[string]interface {}'
  return value.kind
}

/** An element of a list; beyond its length there are nils. */
export const itemAt = (list: List, index: number): Value => list.items[list.start + index] ?? NIL

/** What `if` thinks of a value. */
export const isTrue = (value: Value): boolean => {
  switch (value.kind) {
    case 'invalid':
    case 'nil':
      return false
    case 'bool':
      return value.value
    case 'int':
    case 'uint8':
      return value.value !== 0n
    case 'float64':
      return value.value !== 0
    case 'complex128':
      return value.re !== 0 || value.im !== 0
    case 'string':
      return value.value !== ''
    case 'list':
      return value.length > 0
    default:
      return value.entries.size > 0
  }
}
