import type { Budget } from './budget.ts'
import type { ByteString } from './bytes.ts'
import { eq, failCall, le, lt } from './compare.ts'
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts'
import { sprint, sprintf, sprintln } from './printf.ts'
import {
  boolValue,
  intValue,
  INVALID,
  isTrue,
  itemAt,
  NIL,
  stringValue,
  typeOf,
  unboxed,
  type Value,
} from './values.ts'

/** A function that templates may call. */
export interface GoFunction {
  /** How many arguments it must have. */
  readonly least: number
  /** It may have more. */
  readonly isVariadic: boolean
  /** The first is a string, and nothing else. */
  readonly wantsString?: boolean
  readonly call: (budget: Budget, values: readonly Value[]) => Value
}

/** `slice` does not look into an `interface {}`, as `index` does. */
const indexOf = (index: Value, length: number): number => {
  if (index.kind === 'invalid') return failCall('cannot index slice/array with nil')
  if ((index.kind !== 'int' && index.kind !== 'uint8') || index.isBoxed)
    return failCall(`cannot index slice/array with type ${typeOf(index)}`)
  if (index.value < 0n || index.value > BigInt(length))
    return failCall(`index out of range: ${index.value}`)
  return Number(index.value)
}

const elementOf = (boxedItem: Value, boxedKey: Value): Value => {
  const [item, key] = [unboxed(boxedItem), unboxed(boxedKey)]
  switch (item.kind) {
    case 'invalid':
      return failCall('index of nil pointer')
    case 'list': {
      const index = indexOf(key, item.length)
      if (index === item.length) failCall('reflect: slice index out of range')
      return itemAt(item, index)
    }
    case 'string': {
      const index = indexOf(key, item.value.length)
      if (index === item.value.length) failCall('reflect: string index out of range')
      return { kind: 'uint8', value: BigInt(item.value.charCodeAt(index)) }
    }
    case 'map': {
      if (key.kind === 'invalid') return failCall('value is nil; should be of type string')
      if (key.kind !== 'string') return failCall(`value has type ${typeOf(key)}; should be string`)
      return item.entries.get(key.value) ?? (item.ofStrings ? stringValue('') : NIL)
    }
    default:
      return failCall(`can't index item of type ${typeOf(item)}`)
  }
}

const index = (boxedItem: Value, keys: readonly Value[]): Value => {
  const item = unboxed(boxedItem)
  if (item.kind === 'invalid') return failCall('index of untyped nil')
  return keys.reduce<Value>(elementOf, item)
}

const slice = (boxedItem: Value, bounds: readonly Value[]): Value => {
  const item = unboxed(boxedItem)
  if (item.kind === 'invalid') return failCall('slice of untyped nil')
  if (bounds.length > 3) return failCall(`too many slice indexes: ${bounds.length}`)
  if (item.kind !== 'string' && item.kind !== 'list')
    return failCall(`can't slice item of type ${typeOf(item)}`)
  if (item.kind === 'string' && bounds.length === 3) failCall('cannot 3-index slice a string')
  const [length, capacity] =
    item.kind === 'string' ? [item.value.length, item.value.length] : [item.length, item.capacity]
  const [from = 0, to = length, max = capacity] = bounds.map((bound) => indexOf(bound, capacity))
  if (from > to) failCall(`invalid slice index: ${from} > ${to}`)
  if (to > max) failCall(`invalid slice index: ${to} > ${max}`)
  if (item.kind === 'string') return stringValue(item.value.slice(from, to))
  const { items, start } = item
  return { kind: 'list', items, start: start + from, length: to - from, capacity: max - from }
}

const length = (boxedItem: Value): Value => {
  const item = unboxed(boxedItem)
  switch (item.kind) {
    case 'invalid':
      return failCall(boxedItem.kind === 'nil' ? 'len of nil pointer' : LEN_OF_NOTHING)
    case 'string':
      return intValue(item.value.length)
    case 'list':
      return intValue(item.length)
    case 'map':
      return intValue(item.entries.size)
    default:
      return failCall(`len of type ${typeOf(item)}`)
  }
}

/** Go asks a value that is none for its type. */
const LEN_OF_NOTHING = 'reflect: call of reflect.Value.Type on zero Value'

const call = (boxedFunction: Value): Value => {
  const held = unboxed(boxedFunction)
  return failCall(held.kind === 'invalid' ? 'call of nil' : `non-function of type ${typeOf(held)}`)
}

/** What html, js and urlquery escape: one string as it is, anything else as print prints it. */
const textOf = (budget: Budget, values: readonly Value[]): ByteString => {
  const held = values.map(unboxed)
  const [first] = held
  if (held.length === 1 && first?.kind === 'string') return first.value
  return sprint(
    budget,
    held.map((value) => (value.kind === 'invalid' ? stringValue('<no value>') : value)),
  )
}

const escaper = (escape: (text: ByteString) => ByteString): GoFunction => ({
  least: 0,
  isVariadic: true,
  call: (budget, values) => {
    const text = textOf(budget, values)
    budget.make(text.length * 6)
    return stringValue(escape(text))
  },
})

const printer = (print: (budget: Budget, values: readonly Value[]) => ByteString): GoFunction => ({
  least: 0,
  isVariadic: true,
  call: (budget, values) => stringValue(print(budget, values.map(unboxed))),
})

const of = (
  least: number,
  isVariadic: boolean,
  run: (budget: Budget, first: Value, rest: readonly Value[]) => Value,
): GoFunction => ({
  least,
  isVariadic,
  call: (budget, [first = INVALID, ...rest]) => run(budget, first, rest),
})

const comparison = (compare: (budget: Budget, a: Value, b: Value) => boolean): GoFunction =>
  of(2, false, (budget, a, [b = INVALID]) => boolValue(compare(budget, a, b)))

/** Go's builtins. The run itself does what `and` and `or` do, since they evaluate no more than they must. */
export const FUNCTIONS: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['and', of(1, true, (_budget, first) => first)],
  ['or', of(1, true, (_budget, first) => first)],
  ['not', of(1, false, (_budget, value) => boolValue(!isTrue(value)))],
  ['call', of(1, true, (_budget, value) => call(value))],
  ['index', of(1, true, (_budget, item, keys) => index(item, keys))],
  ['slice', of(1, true, (_budget, item, bounds) => slice(item, bounds))],
  ['len', of(1, false, (_budget, item) => length(item))],
  ['eq', of(1, true, (budget, first, others) => boolValue(eq(budget, first, others)))],
  ['ne', comparison((budget, a, b) => !eq(budget, a, [b]))],
  ['lt', comparison((_budget, a, b) => lt(a, b))],
  ['le', comparison(le)],
  ['gt', comparison((budget, a, b) => !le(budget, a, b))],
  ['ge', comparison((_budget, a, b) => !lt(a, b))],
  ['html', escaper(escapeHtml)],
  ['js', escaper(escapeJs)],
  ['urlquery', escaper(escapeQuery)],
  ['print', printer(sprint)],
  ['println', printer(sprintln)],
  [
    'printf',
    {
      least: 1,
      isVariadic: true,
      wantsString: true,
      call: (budget, [format, ...values]) =>
        stringValue(
          sprintf(budget, format?.kind === 'string' ? format.value : '', values.map(unboxed)),
        ),
    },
  ],
])
