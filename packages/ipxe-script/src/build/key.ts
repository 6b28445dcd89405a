import { IpxeScriptError } from '../errors.ts'

/** Function keys send `ESC [ n ~`; iPXE's `keys.h` numbers them 256 (n + 1) + `~`. */
const CODES = {
  f5: '0x107e',
  f6: '0x127e',
  f7: '0x137e',
  f8: '0x147e',
  f9: '0x157e',
  f10: '0x167e',
  f11: '0x187e',
  f12: '0x197e',
} as const

type EarlyLetter = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm'
type LateLetter = 'n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z'
type Letter = EarlyLetter | LateLetter
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'

/** A letter, a digit, Ctrl with a letter, or F5 to F12. */
export type Key = Letter | Uppercase<Letter> | Digit | `ctrl-${Letter}` | keyof typeof CODES

const codeOf = new Map<string, string>(Object.entries(CODES))

/** The key as an option takes it. */
export const keyCode = (key: string): string => {
  const code = codeOf.get(key)
  if (code !== undefined) return code
  if (/^ctrl-[a-z]$/.test(key))
    return `0x${(key.charCodeAt(5) - 0x60).toString(16).padStart(2, '0')}`
  if (/^[0-9A-Za-z]$/.test(key)) return key
  throw new IpxeScriptError(
    'ERR_IPXE_VALUE',
    `key ${JSON.stringify(key)} is not a letter, a digit, ctrl-a to ctrl-z or f5 to f12`,
  )
}
