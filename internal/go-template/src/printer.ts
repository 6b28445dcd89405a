import type { Budget } from './budget.ts'
import { isPrint, RUNE_ERROR, runeAt, runeBytes, runesOf, type ByteString } from './bytes.ts'
import { formatFloat } from './float.ts'
import { canBackquote, quote, quoteRune } from './quote.ts'
import { itemAt, typeOf, unboxed, type Value } from './values.ts'

/** What stands between `%` and the verb. */
export interface Flags {
  width?: number
  precision?: number
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  plusV: boolean
  sharpV: boolean
}

export const noFlags = (): Flags => ({
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
})

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }
/** Where %p is asked for: an address tells nobody anything. */
const ADDRESS = 0xc000000000n

/** Go's fmt for the values that templates have: one value and one verb at a time. */
export class Printer {
  text: ByteString = ''
  flags: Flags = noFlags()
  readonly #budget: Budget

  constructor(budget: Budget) {
    this.#budget = budget
  }

  write(bytes: ByteString): void {
    this.text += bytes
    if (this.text.length > this.#budget.limits.outputBytes) this.#budget.make(this.text.length)
  }

  pad(bytes: ByteString, zero = this.flags.zero): void {
    const { width = 0, minus } = this.flags
    const missing = width - (width > 0 ? runesOf(bytes).length : 0)
    if (missing <= 0) {
      this.write(bytes)
      return
    }
    this.#budget.make(missing)
    const padding = (zero ? '0' : ' ').repeat(missing)
    this.write(minus ? bytes + padding : padding + bytes)
  }

  /** One argument of printf; what is invalid or nil has no type. */
  argument(boxedValue: Value, verb: string): void {
    const value = unboxed(boxedValue)
    if (value.kind === 'invalid') {
      if (verb === 'T' || verb === 'v') this.pad('<nil>')
      else this.write(`%!${verb}(<nil>)`)
    } else if (verb === 'T') this.#string(typeOf(value), 's')
    else if (verb === 'p') this.#pointer(value, verb)
    else if (verb === 'w') this.#badVerb(value, verb)
    else this.#value(value, verb)
  }

  #badVerb(value: Value, verb: string): void {
    if (value.kind === 'invalid') return
    this.write(`%!${verb}(${typeOf(value)}=`)
    this.#value(value, 'v')
    this.write(')')
  }

  #value(value: Value, verb: string): void {
    this.#budget.step()
    switch (value.kind) {
      case 'invalid':
      case 'nil':
        return this.write(this.flags.sharpV ? 'interface {}(nil)' : '<nil>')
      case 'bool':
        if (verb !== 't' && verb !== 'v') return this.#badVerb(value, verb)
        return this.pad(String(value.value))
      case 'int':
      case 'uint8':
        return this.#integer(value, verb)
      case 'float64':
        if (!'vbgGxXfFeE'.includes(verb)) return this.#badVerb(value, verb)
        return this.#float(value.value, verb)
      case 'complex128': {
        if (!'vbgGxXfFeE'.includes(verb)) return this.#badVerb(value, verb)
        const { plus } = this.flags
        this.write('(')
        this.#float(value.re, verb)
        this.flags.plus = true
        this.#float(value.im, verb)
        this.flags.plus = plus
        return this.write('i)')
      }
      case 'string':
        if (!'vsxXq'.includes(verb)) return this.#badVerb(value, verb)
        return this.#string(value.value, verb)
      case 'list': {
        const { sharpV } = this.flags
        this.write(sharpV ? `${typeOf({ ...value, isBoxed: false })}{` : '[')
        for (let i = 0; i < value.length; i++) {
          if (i > 0) this.write(sharpV ? ', ' : ' ')
          this.#value(unboxedOrNil(itemAt(value, i)), verb)
        }
        return this.write(sharpV ? '}' : ']')
      }
      default: {
        const { sharpV } = this.flags
        this.write(sharpV ? `${typeOf({ ...value, isBoxed: false })}{` : 'map[')
        let isFirst = true
        for (const [key, item] of value.entries) {
          if (!isFirst) this.write(sharpV ? ', ' : ' ')
          isFirst = false
          this.#value({ kind: 'string', value: key }, verb)
          this.write(':')
          this.#value(unboxedOrNil(item), verb)
        }
        return this.write(sharpV ? '}' : ']')
      }
    }
  }

  #pointer(value: Value, verb: string): void {
    if (value.kind !== 'list' && value.kind !== 'map') return this.#badVerb(value, verb)
    const { sharp } = this.flags
    this.flags.sharp = !sharp
    this.#digits(ADDRESS, 16, 'v')
    this.flags.sharp = sharp
  }

  #integer(value: Value & { kind: 'int' | 'uint8' }, verb: string): void {
    const { value: number, kind } = value
    const base = BASES[verb]
    if (base !== undefined) {
      if (verb !== 'v' || !this.flags.sharpV || kind === 'int')
        return this.#digits(number, base, verb)
      this.flags.sharp = true
      this.#digits(number, 16, verb)
      this.flags.sharp = false
      return undefined
    }
    const unsigned = BigInt.asUintN(64, number)
    const rune = unsigned > 0x10ffffn ? RUNE_ERROR : Number(unsigned)
    if (verb === 'c') return this.pad(runeBytes(rune))
    if (verb === 'q') return this.pad(quoteRune(rune, this.flags.plus))
    if (verb !== 'U') return this.#badVerb(value, verb)
    const code = unsigned.toString(16).toUpperCase()
    const digits = Math.max(4, this.flags.precision ?? 0)
    const isShown = this.flags.sharp && unsigned <= 0x10ffffn && isPrint(rune)
    const shown = isShown ? ` '${runeBytes(rune)}'` : ''
    return this.pad(`U+${code.padStart(digits, '0')}${shown}`, false)
  }

  #digits(number: bigint, base: number, verb: string): void {
    const { width, precision, plus, space, sharp, zero } = this.flags
    const isNegative = number < 0n
    let least = 0
    if (precision !== undefined) {
      if (precision === 0 && number === 0n) return this.pad('', false)
      least = precision
    } else if (zero && width !== undefined) least = width - (isNegative || plus || space ? 1 : 0)
    this.#budget.make(least)
    let text = (isNegative ? -number : number).toString(base).padStart(least, '0')
    if (sharp && base === 2) text = `0b${text}`
    if (sharp && base === 8 && !text.startsWith('0')) text = `0${text}`
    if (sharp && base === 16) text = `0x${text}`
    if (verb === 'O') text = `0o${text}`
    if (verb === 'X') text = text.toUpperCase()
    return this.pad((isNegative ? '-' : plus ? '+' : space ? ' ' : '') + text, false)
  }

  #float(value: number, verb: string): void {
    const { flags } = this
    const format = verb === 'v' ? 'g' : verb === 'F' ? 'f' : verb
    const precision = flags.precision ?? ('fFeE'.includes(verb) ? 6 : -1)
    this.#budget.make(precision)
    const bare = formatFloat(value, format, precision)
    let sign = bare.startsWith('-') ? '-' : '+'
    let digits = bare.replace(/^[-+]/, '')
    if (flags.space && sign === '+' && !flags.plus) sign = ' '
    if (digits === 'Inf' || digits === 'NaN') {
      const isBare = digits === 'NaN' && !flags.space && !flags.plus
      return this.pad((isBare ? '' : sign) + digits, false)
    }
    if (flags.sharp && format !== 'b') digits = withPoint(digits, format, precision)
    const isSigned = flags.plus || sign !== '+'
    if (!isSigned) return this.pad(digits)
    const missing = (flags.width ?? 0) - digits.length - 1
    if (!flags.zero || missing <= 0) return this.pad(sign + digits)
    this.#budget.make(missing)
    return this.write(sign + '0'.repeat(missing) + digits)
  }

  #string(whole: ByteString, verb: string): void {
    const { precision, sharp, sharpV, plus } = this.flags
    if (verb === 'x' || verb === 'X') return this.#hex(whole, verb)
    const cut = precision === undefined ? undefined : runesOf(whole)[precision]?.at
    const text = cut === undefined ? whole : whole.slice(0, cut)
    const isQuoted = verb === 'q' || (verb === 'v' && sharpV)
    if (!isQuoted) return this.pad(text)
    this.#budget.make(text.length)
    return this.pad(sharp && canBackquote(text) ? `\`${text}\`` : quote(text, plus))
  }

  #hex(text: ByteString, verb: string): void {
    const { width = 0, precision, sharp, space, minus } = this.flags
    const bytes = text.slice(0, precision).split('')
    if (bytes.length === 0) return this.pad('', this.flags.zero)
    this.#budget.make(bytes.length * 5)
    const prefix = sharp ? '0x' : ''
    const pairs = bytes.map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'))
    const hex = space ? pairs.map((pair) => prefix + pair).join(' ') : prefix + pairs.join('')
    const shown = verb === 'X' ? hex.toUpperCase() : hex
    const missing = Math.max(0, width - shown.length)
    this.#budget.make(missing)
    const padding = (this.flags.zero ? '0' : ' ').repeat(missing)
    return this.write(minus ? shown + padding : padding + shown)
  }
}

const unboxedOrNil = (value: Value): Value => (value.kind === 'nil' ? value : unboxed(value))

/** `#` keeps the point, and with %g the zeros after it. */
const withPoint = (number: string, format: string, precision: number): string => {
  const isHex = format === 'x' || format === 'X'
  const cut = number.search(isHex ? /[pP]/ : /[eE]/)
  let [digits, tail] = cut < 0 ? [number, ''] : [number.slice(0, cut), number.slice(cut)]
  let wanted = 'gGx'.includes(format) ? (precision === -1 ? 6 : precision) : 0
  let isSignificant = false
  let hasPoint = false
  for (const char of digits) {
    if (char === '.') {
      hasPoint = true
      continue
    }
    if (char !== '0') isSignificant = true
    if (isSignificant) wanted--
  }
  if (!hasPoint) {
    if (digits === '0') wanted--
    digits += '.'
  }
  return digits + '0'.repeat(Math.max(0, wanted)) + tail
}

/** The rune of a verb, and where the format goes on. */
export const verbAt = (format: ByteString, at: number): { verb: ByteString; next: number } => {
  const { rune, size } = runeAt(format, at)
  return { verb: runeBytes(rune), next: at + size }
}
