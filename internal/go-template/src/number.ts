import type { ByteString } from './bytes.ts'
import type { NumberNode } from './nodes.ts'
import { unquoteRune } from './quote.ts'

const MAX_INT = 2n ** 63n - 1n
const MAX_UINT = 2n ** 64n - 1n

/** Underscores stand between digits, or after the prefix of a base. */
const hasGoodUnderscores = (text: string): boolean =>
  !text.includes('_') ||
  (/^[+-]?(?:0[xXoObB]?_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/.test(text.replace(/[.pP].*$/, '')) &&
    !/__|_$|_[.eEpP]|[.eEpP+-]_/.test(text))

const wholeOf = (text: string): bigint | undefined => {
  const isSigned = /^[+-]/.test(text)
  const digits = text.slice(isSigned ? 1 : 0)
  if (!hasGoodUnderscores(digits)) return undefined
  const bare = digits.replaceAll('_', '')
  const isWhole = /^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)$/.test(bare)
  if (!isWhole) return undefined
  const whole = BigInt(/^0[0-7]/.test(bare) ? `0o${bare.slice(1)}` : bare.toLowerCase())
  return text.startsWith('-') ? -whole : whole
}

const hexFloat = (text: string): number | undefined => {
  const match = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', part = '', power] = match
  if (whole + part === '') return undefined
  const value = Number(BigInt(`0x${whole}${part}`)) * 2 ** (Number(power) - 4 * part.length)
  return sign === '-' ? -value : value
}

/** Go's strconv.ParseFloat of what the lexer lets through. */
const floatOf = (text: string): number | undefined => {
  if (!hasGoodUnderscores(text) || (text.includes('_') && !/^[+-]?0[xX]/.test(text)))
    return undefined
  const bare = text.replaceAll('_', '')
  const value = /^[+-]?0[xX]/.test(bare)
    ? hexFloat(bare)
    : /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(bare)
      ? Number(bare)
      : undefined
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

/** A complex number that is a real or whole one counts as such too. */
const simplified = (
  base: { at: number; text: ByteString; kind: 'number' },
  complex: { re: number; im: number },
): NumberNode => {
  const { re, im } = complex
  if (im !== 0) return { ...base, complex, isUint: false }
  const isWhole = Number.isInteger(re) && Math.abs(re) < 2 ** 63
  return {
    ...base,
    complex,
    float: re,
    ...(isWhole && { int: BigInt(re) }),
    isUint: isWhole && re >= 0,
  }
}

/** A number of the template, or what is wrong with it. */
export const numberNode = (
  at: number,
  text: ByteString,
  kind: 'rune' | 'complex' | 'number',
): NumberNode | { readonly kind: 'bad'; readonly why: ByteString } => {
  const base = { kind: 'number', at, text } as const
  if (kind === 'rune') {
    const one = unquoteRune(text)
    if (!one) return { kind: 'bad', why: 'invalid syntax' }
    if (one.rest !== "'") return { kind: 'bad', why: `malformed character constant: ${text}` }
    return { ...base, int: BigInt(one.rune), isUint: true, float: one.rune }
  }
  if (kind === 'complex') {
    const split = /^(.+[^eEpP])([+-].*)i$/s.exec(text) ?? /^(.+)([+-].*)i$/s.exec(text)
    const [re, im] = [floatOf(split?.[1] ?? ''), floatOf(split?.[2] ?? '')]
    if (re === undefined || im === undefined)
      return { kind: 'bad', why: 'syntax error scanning complex number' }
    return simplified(base, { re, im })
  }
  if (text.endsWith('i')) {
    const im = floatOf(text.slice(0, -1))
    if (im !== undefined) return simplified(base, { re: 0, im })
  }
  const whole = wholeOf(text)
  const int = whole !== undefined && whole >= -MAX_INT - 1n && whole <= MAX_INT ? whole : undefined
  const isUint = whole !== undefined && whole >= 0n && whole <= MAX_UINT && !/^[+]/.test(text)
  if (int !== undefined) return { ...base, int, isUint, float: Number(int) }
  if (isUint) return { ...base, isUint, float: Number(whole) }
  const float = floatOf(text)
  if (float === undefined) return { kind: 'bad', why: `illegal number syntax: "${text}"` }
  // A float that could not be read as a whole number, but has no point and no exponent, is one that is too large.
  if (!/[.eEpP]/.test(text)) return { kind: 'bad', why: `integer overflow: "${text}"` }
  const isWhole = Number.isInteger(float) && Math.abs(float) < 2 ** 63
  return {
    ...base,
    float,
    ...(isWhole && { int: BigInt(float) }),
    isUint: isWhole && float >= 0,
  }
}
