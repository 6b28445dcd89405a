import type { Budget } from './budget.ts'
import { sprintf } from './printf.ts'
import { stringValue, typeOf, unboxed, type Typed, type Value } from './values.ts'

/** What a function says that cannot do its work; the run adds where it was. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
}

export const failCall = (message: string): never => {
  throw new CallFailed(message)
}

const INCOMPATIBLE = 'incompatible types for comparison'
const WRONG_TYPE = 'invalid type for comparison'

type Basic = Exclude<Typed, { kind: 'list' | 'map' }>

const isBasic = (value: Value): value is Basic =>
  value.kind !== 'invalid' && value.kind !== 'nil' && value.kind !== 'list' && value.kind !== 'map'

const isWhole = (value: Value): value is Typed & { kind: 'int' | 'uint8' } =>
  value.kind === 'int' || value.kind === 'uint8'

const sameBasic = (a: Basic, b: Basic): boolean => {
  if (isWhole(a) && isWhole(b)) return a.value === b.value
  if (a.kind === 'complex128' && b.kind === 'complex128') return a.re === b.re && a.im === b.im
  return 'value' in a && 'value' in b && a.value === b.value
}

/** Lists and maps cannot be compared; Go says so with what they hold. */
const compareOthers = (budget: Budget, a: Value, b: Value): boolean => {
  if (a.kind === 'invalid' || b.kind === 'invalid') return a.kind === b.kind
  const [typeOfA, typeOfB] = [stringValue(typeOf(a)), stringValue(typeOf(b))]
  return failCall(
    a.kind === b.kind
      ? sprintf(budget, 'non-comparable type %s: %v', [b, typeOfB])
      : sprintf(budget, 'non-comparable types %s: %v, %s: %v', [a, typeOfA, typeOfB, b]),
  )
}

const equal = (budget: Budget, a: Value, b: Value): boolean => {
  if (isBasic(a) && isBasic(b)) {
    if (a.kind === b.kind || (isWhole(a) && isWhole(b))) return sameBasic(a, b)
    return failCall(INCOMPATIBLE)
  }
  if (isBasic(a) || isBasic(b))
    return a.kind === 'invalid' || b.kind === 'invalid' ? false : failCall(INCOMPATIBLE)
  return compareOthers(budget, a, b)
}

/** True where the first equals one of the others. */
export const eq = (budget: Budget, first: Value, others: readonly Value[]): boolean => {
  if (others.length === 0) failCall('missing argument for comparison')
  return others.some((other) => equal(budget, unboxed(first), unboxed(other)))
}

export const lt = (boxedA: Value, boxedB: Value): boolean => {
  const [a, b] = [unboxed(boxedA), unboxed(boxedB)]
  if (!isBasic(a) || !isBasic(b)) return failCall(WRONG_TYPE)
  if (isWhole(a) && isWhole(b)) return a.value < b.value
  if (a.kind === 'float64' && b.kind === 'float64') return a.value < b.value
  if (a.kind === 'string' && b.kind === 'string') return a.value < b.value
  return failCall(a.kind === b.kind ? WRONG_TYPE : INCOMPATIBLE)
}

export const le = (budget: Budget, a: Value, b: Value): boolean => lt(a, b) || eq(budget, a, [b])
