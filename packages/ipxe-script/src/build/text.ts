import { IpxeScriptError } from '../errors.ts'
import { Setting } from './setting.ts'

/** A URI made with the `uri` tag: one word of the script, encoded. */
export class Uri {
  readonly #word: string
  /** Whether it begins with a value that could be taken for an option. */
  readonly optionLike: boolean

  constructor(word: string, optionLike: boolean) {
    this.#word = word
    this.optionLike = optionLike
  }

  get expansion(): string {
    return this.#word
  }

  toString(): string {
    return this.#word
  }
}

/** A stretch of text: literal, or written already. */
type Piece = string | Setting | Uri

/** Text put together of strings and settings, made with the `text` tag. */
export class Template {
  readonly pieces: readonly Piece[]

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces
  }

  toString(): string {
    return this.pieces.join('')
  }
}

/** What a text argument takes. A string is always taken literally: `${mac}` in it is refused, not expanded. */
export type Text = string | number | Setting | Template | Uri

/** Whether a value is what a text argument takes; plain JavaScript gives anything. */
export const isText = (value: unknown): value is Text =>
  typeof value === 'string' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  value instanceof Setting ||
  value instanceof Template ||
  value instanceof Uri

const nameOf = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `an object (${value.constructor?.name ?? 'without a class'})`
    : typeof value === 'function'
      ? 'a function'
      : String(value)

/** Says which value of a tagged template cannot be written, and after which text it stands. */
export const refuseValue = (
  tag: string,
  strings: readonly string[],
  index: number,
  value: unknown,
): never => {
  const before = strings.slice(0, index + 1).join('')
  const hint =
    value === undefined ? "; a form of a setting is written mac.as('hexhyp'), not mac.hexhyp" : ''
  throw new IpxeScriptError(
    'ERR_IPXE_VALUE',
    `value ${index + 1} of ${tag}\`…\`, after ${JSON.stringify(before.slice(-40))}, is ${nameOf(value)}; it takes text, numbers, settings and URIs${hint}`,
    positionOf(before, before.length),
  )
}

const textValue = (strings: readonly string[], values: readonly unknown[], index: number): Text => {
  const value = values[index]
  return isText(value) ? value : refuseValue('text', strings, index, value)
}

/** Text with settings in it: text`booting ${mac} from ${net(0).ip}`. A URI goes in encoded. */
export const text = (strings: TemplateStringsArray, ...values: readonly Text[]): Template => {
  const pieces: Piece[] = []
  for (const [index, string] of strings.entries()) {
    if (string !== '') pieces.push(string)
    if (index === values.length) break
    const value = textValue(strings, values, index)
    if (value instanceof Template) pieces.push(...value.pieces)
    else pieces.push(typeof value === 'number' ? String(value) : value)
  }
  return new Template(pieces)
}

const isLiteral = (piece: Piece): piece is string => typeof piece === 'string'

/** Words that need nothing: no operator, comment, expansion or option can be among them. */
const PLAIN_TEXT =
  /^[\w./:=,@%+~()!?*<>'"[\]^][\w./:=,@%+~()!?*<>'"[\]^-]*(?: [\w./:=,@%+~()!?*<>'"[\]^-]+)*$/
const PLAIN_TOKEN = /^[\w./:=,@%+~()!?*<>'"[\]^][\w./:=,@%+~()!?*<>'"[\]^&;#-]*$/

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const SPECIAL = /[\0-\x20\x7f]/

export const place = (value: string, offset: number): string =>
  ` at character ${offset + 1} of ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`

export const positionOf = (
  value: string,
  offset: number,
): { offset: number; line: number; column: number } => {
  const before = value.slice(0, offset)
  return {
    offset,
    line: before.split('\n').length,
    column: offset - (before.lastIndexOf('\n') + 1) + 1,
  }
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** Refuses what no script can say: NUL, and half a surrogate pair, which UTF-8 has no bytes for. */
export const checkCharacters = (value: string): void => {
  const nul = value.indexOf('\0')
  if (nul >= 0)
    throw new IpxeScriptError(
      'ERR_IPXE_NUL',
      `a NUL byte${place(value, nul)}: it ends the line, and a text can have any other byte`,
      positionOf(value, nul),
    )
  const lone = LONE_SURROGATE.exec(value)?.index
  if (lone === undefined) return
  throw new IpxeScriptError(
    'ERR_IPXE_SURROGATE',
    `half a surrogate pair${place(value, lone)}: UTF-8 cannot hold it`,
    positionOf(value, lone),
  )
}

/** Bytes that need a helper setting, which the script defines at its top: `${chr-0a}`. */
const helper = (code: number): string => `\${chr-${code.toString(16).padStart(2, '0')}}`

/** The word without its settings must hold no `${…}`, or iPXE would expand it, now or after a setting is gone. */
const checkExpansion = (pieces: readonly Piece[], origin?: string): void => {
  const literal = pieces.filter(isLiteral).join('')
  const open = literal.indexOf('${')
  if (open < 0) return
  const hasSettings = pieces.some((piece) => typeof piece !== 'string')
  if (!hasSettings && literal.indexOf('}', open) < 0) return
  // The first word of its letters is the first one refused, so this finds its place.
  const at = origin === undefined ? open : origin.indexOf(literal) + open
  throw new IpxeScriptError(
    'ERR_IPXE_EXPANSION',
    `\${${place(origin ?? literal, Math.max(at, 0))} begins an expansion, and iPXE has no way to write it as text; put a setting in with the text tag`,
    positionOf(origin ?? literal, Math.max(at, 0)),
  )
}

const RESERVED = /^(?:\|\||&&|;)$/

const needsShield = (word: string): boolean => word.startsWith('#') || RESERVED.test(word)

/** Writes one word. Blanks and control characters become helper settings; `${}` is an empty one. */
const encodeWord = (pieces: readonly Piece[], origin?: string): string => {
  checkExpansion(pieces, origin)
  let word = ''
  for (const piece of pieces) {
    if (typeof piece !== 'string') word += piece.expansion
    else if (!SPECIAL.test(piece)) word += piece
    else
      for (const character of piece)
        word += SPECIAL.test(character) ? helper(character.charCodeAt(0)) : character
  }
  return word === '' || needsShield(word) ? `\${}${word}` : word
}

/** Splits pieces at blanks: one list of pieces for every word, an empty list for an empty word. */
const wordsOf = (pieces: readonly Piece[]): Piece[][] => {
  const words: Piece[][] = [[]]
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      words.at(-1)!.push(piece)
      continue
    }
    for (const [index, part] of piece.split(' ').entries()) {
      if (index > 0) words.push([])
      if (part !== '') words.at(-1)!.push(part)
    }
  }
  return words
}

const piecesOf = (value: Text): readonly Piece[] => {
  if (value instanceof Setting || value instanceof Uri) return [value]
  const pieces = value instanceof Template ? value.pieces : [String(value)]
  for (const piece of pieces) if (typeof piece === 'string') checkCharacters(piece)
  return pieces
}

const encodeSlowly = (values: readonly Text[]): string => {
  const words = values.flatMap((value) => wordsOf(piecesOf(value)))
  const origin = values.map((value) => piecesOf(value).filter(isLiteral).join('')).join(' ')
  return words.map((word) => encodeWord(word, origin)).join(' ')
}

/** Part of a word that needs nothing, wherever it stands in the word but at its beginning. */
const PLAIN_PART = /^[\w./:=,@%+~()!?*<>'"[\]^-]*$/

/** A template that is one word with nothing special in it; undefined for any other. */
const encodePlainTemplate = ({ pieces }: Template): string | undefined => {
  let word = ''
  for (const piece of pieces) {
    if (typeof piece !== 'string') word += piece.expansion
    else if ((word === '' ? PLAIN_TOKEN : PLAIN_PART).test(piece)) word += piece
    else return undefined
  }
  return word === '' ? undefined : word
}

/**
 * Writes text for a place where the command joins its words by single spaces: what it gets is `values.join(' ')`,
 * byte for byte.
 *
 * @throws {IpxeScriptError} where no script can say it.
 */
export const encodeText = (values: readonly Text[], from: number = 0): string => {
  let line = ''
  for (let at = from; at < values.length; at++) {
    const value = values[at]!
    let words: string | undefined
    if (typeof value === 'string') words = PLAIN_TEXT.test(value) ? value : undefined
    else if (typeof value === 'number') words = undefined
    else words = value instanceof Template ? encodePlainTemplate(value) : value.expansion
    if (words === undefined) return encodeSlowly(values.slice(from))
    line = at === from ? words : `${line} ${words}`
  }
  return line
}

/** Writes text as one word, blanks included. */
export const encodeToken = (value: Text): string => {
  if (typeof value === 'string' && PLAIN_TOKEN.test(value)) return value
  return encodeWord(piecesOf(value))
}

/** Whether a word that begins so could be taken for an option when the script runs. */
export const isOptionLike = (value: Text | undefined): boolean => {
  if (typeof value === 'string') return value.startsWith('-')
  if (typeof value === 'number') return value < 0
  if (value instanceof Setting || value instanceof Uri) return value.optionLike
  return value !== undefined && isOptionLike(value.pieces.find((piece) => piece !== ''))
}
