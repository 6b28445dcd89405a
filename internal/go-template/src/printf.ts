import type { Budget } from './budget.ts'
import type { ByteString } from './bytes.ts'
import { noFlags, Printer, verbAt } from './printer.ts'
import { typeOf, unboxed, type Value } from './values.ts'

/** A width or precision beyond this counts as none. */
const MAX_NUMBER = 1_000_000

/** Digits from a place on; `end` where they are more than Go reads. */
const numberAt = (
  text: ByteString,
  start: number,
  end: number,
): { number?: number; next: number } => {
  if (start >= end) return { next: end }
  let number: number | undefined
  let next = start
  for (; next < end && /[0-9]/.test(text[next] ?? ''); next++) {
    if ((number ?? 0) > MAX_NUMBER) return { next: end }
    number = (number ?? 0) * 10 + Number(text[next])
  }
  return number === undefined ? { next } : { number, next }
}

const typeNameOf = (value: Value): string | undefined => {
  const held = unboxed(value)
  return held.kind === 'invalid' ? undefined : typeOf(held)
}

/** Where a format is, and which argument comes next. */
class Format {
  readonly #format: ByteString
  readonly #values: readonly Value[]
  readonly #printer: Printer
  #at = 0
  #argument = 0
  #isReordered = false
  #isGood = true

  constructor(format: ByteString, values: readonly Value[], printer: Printer) {
    this.#format = format
    this.#values = values
    this.#printer = printer
  }

  #flags(): void {
    const flags = (this.#printer.flags = noFlags())
    for (; ; this.#at++) {
      const char = this.#format[this.#at]
      if (char === '#') flags.sharp = true
      else if (char === '0') flags.zero = !flags.minus
      else if (char === '+') flags.plus = true
      else if (char === '-') [flags.minus, flags.zero] = [true, false]
      else if (char === ' ') flags.space = true
      else return
    }
  }

  /** `[3]`: the next argument is the third. True: it was there. */
  #index(): boolean {
    if (this.#format[this.#at] !== '[') return false
    this.#isReordered = true
    const rest = this.#format.slice(this.#at)
    const close = rest.indexOf(']')
    if (rest.length < 3 || close < 1) {
      this.#isGood = false
      this.#at++
      return false
    }
    const { number, next } = numberAt(rest, 1, close)
    const isNumber = number !== undefined && next === close
    this.#at += close + 1
    if (isNumber && number >= 1 && number <= this.#values.length) this.#argument = number - 1
    else this.#isGood = false
    return isNumber
  }

  /** `*` */
  #fromArgument(): number | undefined {
    this.#at++
    if (this.#argument >= this.#values.length) return undefined
    const value = this.#values[this.#argument++]
    if (value?.kind !== 'int' && value?.kind !== 'uint8') return undefined
    const number = Number(value.value)
    return Math.abs(number) > MAX_NUMBER ? undefined : number
  }

  #width(afterIndex: boolean): boolean {
    const { flags } = this.#printer
    if (this.#format[this.#at] === '*') {
      const width = this.#fromArgument()
      if (width === undefined) this.#printer.write('%!(BADWIDTH)')
      else flags.width = Math.abs(width)
      if (width !== undefined && width < 0) [flags.minus, flags.zero] = [true, false]
      return false
    }
    const { number, next } = numberAt(this.#format, this.#at, this.#format.length)
    this.#at = next
    if (number !== undefined) flags.width = number
    if (afterIndex && number !== undefined) this.#isGood = false
    return afterIndex
  }

  #precision(indexBefore: boolean): boolean {
    if (this.#format[this.#at] !== '.' || this.#at + 1 >= this.#format.length) return indexBefore
    const { flags } = this.#printer
    this.#at++
    if (indexBefore) this.#isGood = false
    const afterIndex = this.#index()
    if (this.#format[this.#at] === '*') {
      const precision = this.#fromArgument()
      if (precision === undefined || precision < 0) this.#printer.write('%!(BADPREC)')
      else flags.precision = precision
      return false
    }
    const { number, next } = numberAt(this.#format, this.#at, this.#format.length)
    this.#at = next
    flags.precision = number ?? 0
    return afterIndex
  }

  /** One `%…`. False: the format ends in it. */
  #directive(): boolean {
    this.#isGood = true
    this.#flags()
    const afterPrecision = this.#precision(this.#width(this.#index()))
    if (!afterPrecision) this.#index()
    if (this.#at >= this.#format.length) {
      this.#printer.write('%!(NOVERB)')
      return false
    }
    const { verb, next } = verbAt(this.#format, this.#at)
    this.#at = next
    const value = this.#values[this.#argument]
    if (verb === '%') this.#printer.write('%')
    else if (!this.#isGood) this.#printer.write(`%!${verb}(BADINDEX)`)
    else if (!value) this.#printer.write(`%!${verb}(MISSING)`)
    else {
      const { flags } = this.#printer
      if (verb === 'v') {
        ;[flags.sharpV, flags.sharp] = [flags.sharp, false]
        ;[flags.plusV, flags.plus] = [flags.plus, false]
      }
      this.#printer.argument(value, verb)
      this.#argument++
    }
    return true
  }

  #extra(): void {
    if (this.#isReordered || this.#argument >= this.#values.length) return
    this.#printer.flags = noFlags()
    this.#printer.write('%!(EXTRA ')
    for (const [i, value] of this.#values.slice(this.#argument).entries()) {
      if (i > 0) this.#printer.write(', ')
      const type = typeNameOf(value)
      if (type !== undefined) this.#printer.write(`${type}=`)
      this.#printer.argument(value, 'v')
    }
    this.#printer.write(')')
  }

  run(): void {
    for (;;) {
      const percent = this.#format.indexOf('%', this.#at)
      this.#printer.write(this.#format.slice(this.#at, percent < 0 ? undefined : percent))
      if (percent < 0) break
      this.#at = percent + 1
      if (!this.#directive()) break
    }
    this.#extra()
  }
}

/** Go's fmt.Sprintf. */
export const sprintf = (
  budget: Budget,
  format: ByteString,
  values: readonly Value[],
): ByteString => {
  const printer = new Printer(budget)
  new Format(format, values, printer).run()
  budget.make(printer.text.length)
  return printer.text
}

/** Go's fmt.Sprint: a space between two that are no strings. */
export const sprint = (budget: Budget, values: readonly Value[]): ByteString => {
  const printer = new Printer(budget)
  let wasString = false
  for (const [i, value] of values.entries()) {
    const isString = value.kind === 'string'
    if (i > 0 && !isString && !wasString) printer.write(' ')
    printer.argument(value, 'v')
    wasString = isString
  }
  budget.make(printer.text.length)
  return printer.text
}

/** Go's fmt.Sprintln. */
export const sprintln = (budget: Budget, values: readonly Value[]): ByteString => {
  const printer = new Printer(budget)
  for (const [i, value] of values.entries()) {
    if (i > 0) printer.write(' ')
    printer.argument(value, 'v')
  }
  printer.write('\n')
  budget.make(printer.text.length)
  return printer.text
}
