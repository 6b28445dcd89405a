import { IpxeScriptError } from '../errors.ts'
import { Setting } from './setting.ts'
import {
  checkCharacters,
  isText,
  place,
  positionOf,
  refuseValue,
  Template,
  type Text,
  Uri,
} from './text.ts'

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

/**
 * A whole URI given as a string. `${name}` in it is nearly always a setting put into a template without its tag, which
 * would reach the server as text.
 */
const encodeWhole = (literal: string): string => {
  const open = literal.indexOf('${')
  if (open >= 0 && literal.includes('}', open))
    throw new IpxeScriptError(
      'ERR_IPXE_EXPANSION',
      `\${${place(literal, open)} would not be expanded; put the tag before the template: uri\`…\`, and for the two characters themselves write %24{`,
      positionOf(literal, open),
    )
  return encodeLiteral(literal)
}

const isUriValue = (value: unknown): value is Text | URL => isText(value) || value instanceof URL

const encodeValue = (value: Text | URL, isBase: boolean): string => {
  if (value instanceof Uri) return value.expansion
  if (value instanceof URL) return encodeLiteral(value.href)
  if (value instanceof Setting) return value.uriExpansion
  if (value instanceof Template)
    return value.pieces
      .map((piece) => {
        if (typeof piece === 'string') return encodeComponent(piece)
        return piece instanceof Uri ? piece.expansion : piece.uriExpansion
      })
      .join('')
  return isBase && typeof value === 'string' ? encodeWhole(value) : encodeComponent(value)
}

/**
 * A URI with values in it: uri`http://boot.example/script?mac=${mac}&serial=${serial}`.
 *
 * Settings get `:uristring` unless their letters are harmless, or `.raw()` says not to; strings are
 * percent-encoded; a URL, a URI and a string at the very start (the base) go in as they stand.
 */
export const uri = (strings: TemplateStringsArray, ...values: readonly (Text | URL)[]): Uri => {
  let encoded = encodeLiteral(strings[0]!)
  for (const [index, value] of values.entries()) {
    if (!isUriValue(value)) refuseValue('uri', strings, index, value)
    encoded += encodeValue(value, encoded === '') + encodeLiteral(strings[index + 1]!)
  }
  // With more text after it, a hostile first value makes the command fail; alone, it could be an option.
  const only =
    values.length === 1 && strings.every((string) => string === '') ? values[0] : undefined
  const optionLike = encoded.startsWith('-') || (only instanceof Setting && only.optionLike)
  return new Uri(shield(encoded), optionLike)
}

export const encodeUri = (value: UriLike | Text): string => {
  if (typeof value === 'string') return shield(encodeWhole(value))
  if (!isUriValue(value))
    throw new IpxeScriptError(
      'ERR_IPXE_ARGUMENT',
      `${String(value)} is no URI; a string, a URL, uri\`…\` or a setting of type uri is`,
    )
  if (value instanceof Uri) return value.expansion
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
