import { Setting } from './setting.ts'
import { checkCharacters, Template, type Text } from './text.ts'

/** A URI made with the `uri` tag. */
export class Uri {
  /** One word of the script. */
  readonly encoded: string
  readonly optionLike: boolean

  constructor(encoded: string, optionLike: boolean) {
    this.encoded = encoded
    this.optionLike = optionLike
  }

  toString(): string {
    return this.encoded
  }
}

/** What a URI argument takes: a string is a URI as it stands; blanks and non-ASCII letters in it are percent-encoded. */
export type UriLike = string | URL | Uri | Setting<'uri'>

const PLAIN = /^[!-#%-[\]-z|~]+$/
const NEEDS_CODE = /[^!-~]|\$(?=\{)|\\/gu

const percent = (character: string): string =>
  [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')

/** Writes a literal URI, or a part of one, as part of one word. */
const encodeLiteral = (literal: string): string => {
  if (PLAIN.test(literal)) return literal
  checkCharacters(literal)
  return literal.replace(NEEDS_CODE, percent)
}

const shield = (word: string): string => (/^(?:#|\|\|$|&&$|;$|$)/.test(word) ? `\${}${word}` : word)

/** What `encodeURIComponent` leaves alone is safe in a script as well. */
const encodeComponent = (value: string | number): string => {
  const string = String(value)
  checkCharacters(string)
  return encodeURIComponent(string)
}

const encodeValue = (value: Text | URL | Uri, isBase: boolean): string => {
  if (value instanceof Uri) return value.encoded
  if (value instanceof URL) return encodeLiteral(value.href)
  if (value instanceof Setting) return value.uriExpansion
  if (value instanceof Template)
    return value.pieces
      .map((piece) => (typeof piece === 'string' ? encodeComponent(piece) : piece.uriExpansion))
      .join('')
  return isBase && typeof value === 'string' ? encodeLiteral(value) : encodeComponent(value)
}

/**
 * A URI with values in it: uri`http://boot.example/script?mac=${mac}&serial=${serial}`.
 *
 * Settings get `:uristring` unless their letters are harmless, or `.raw()` says not to; strings are
 * percent-encoded; a URL, a URI and a string at the very start (the base) go in as they stand.
 */
export const uri = (
  strings: TemplateStringsArray,
  ...values: readonly (Text | URL | Uri)[]
): Uri => {
  let encoded = encodeLiteral(strings[0]!)
  for (const [index, value] of values.entries())
    encoded += encodeValue(value, encoded === '') + encodeLiteral(strings[index + 1]!)
  const first = strings[0] === '' ? values[0] : undefined
  const optionLike = encoded.startsWith('-') || (first instanceof Setting && first.optionLike)
  return new Uri(shield(encoded), optionLike)
}

export const encodeUri = (value: UriLike | Text): string => {
  if (typeof value === 'string') return shield(encodeLiteral(value))
  if (value instanceof Uri) return value.encoded
  if (value instanceof URL) return encodeLiteral(value.href)
  if (value instanceof Setting) return value.expansion
  return shield(encodeValue(value, false))
}

export const isUriOptionLike = (value: UriLike | Text): boolean => {
  if (typeof value === 'string') return value.startsWith('-')
  if (value instanceof Setting || value instanceof Uri) return value.optionLike
  return false
}

/** The scheme of a URI that is known when the script is built, without its colon. */
export const schemeOf = (encoded: string): string | undefined =>
  /^([a-z][a-z0-9+.-]*):/i.exec(encoded)?.[1]?.toLowerCase()
