import { isAlphaNumeric, isPrint, runeAt, type ByteString } from './bytes.ts'
import { quote } from './quote.ts'

export type TokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'bool'
  | 'char'
  | 'rune'
  | 'complex'
  | 'number'
  | 'string'
  | 'raw'
  | 'assign'
  | 'declare'
  | 'pipe'
  | '('
  | ')'
  | 'dot'
  | 'nil'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'error'
  | 'eof'

export interface Token {
  readonly kind: TokenKind
  /** Place in the text, in bytes. */
  readonly at: number
  readonly text: ByteString
  readonly line: number
}

const KEYWORDS = new Set('block break continue define else end if range template with'.split(' '))
const SINGLE: Readonly<Record<string, TokenKind>> = {
  '=': 'assign',
  '|': 'pipe',
  '(': '(',
  ')': ')',
}

const isSpace = (char: string | undefined): boolean =>
  char === ' ' || char === '\t' || char === '\r' || char === '\n'

/** A number as the lexer takes it; whether it is one is found out later. */
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*\.?[0-7_]*|0[bB][01_]*\.?[01_]*|[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]*)?)i?/y

const unicodeName = (rune: number): string => {
  const code = `U+${rune.toString(16).toUpperCase().padStart(4, '0')}`
  return rune >= 0 && isPrint(rune)
    ? `${code} '${Buffer.from(String.fromCodePoint(rune)).toString('latin1')}'`
    : code
}

/** Cuts a template into tokens, as far as the first error. */
export const lex = (input: ByteString): readonly Token[] => {
  const tokens: Token[] = []
  let [at, line, counted, depth] = [0, 1, 0, 0]
  const lineOf = (place: number): number => {
    for (; counted < place; counted++) if (input[counted] === '\n') line++
    return line
  }
  const emit = (kind: TokenKind, end: number): void => {
    tokens.push({ kind, at, text: input.slice(at, end), line: lineOf(at) })
    at = end
  }
  const fail = (message: ByteString): false => {
    tokens.push({ kind: 'error', at, text: message, line: lineOf(at) })
    return false
  }
  const runeOr = (place: number): number => (place < input.length ? runeAt(input, place).rune : -1)
  const atRight = (place: number): 'trim' | 'plain' | undefined => {
    if (isSpace(input[place]) && input.startsWith('-}}', place + 1)) return 'trim'
    return input.startsWith('}}', place) ? 'plain' : undefined
  }
  const skipSpaces = (place: number): number => {
    let end = place
    while (isSpace(input[end])) end++
    return end
  }
  const isTerminated = (place: number): boolean =>
    place >= input.length ||
    /[ \t\r\n.,|:()]/.test(input[place] ?? '') ||
    input.startsWith('}}', place)
  const endOfName = (place: number): number => {
    let end = place
    for (;;) {
      if (end >= input.length) return end
      const { rune, size } = runeAt(input, end)
      if (!isAlphaNumeric(rune)) return end
      end += size
    }
  }
  const badCharacter = (place: number): false => fail(`bad character ${unicodeName(runeOr(place))}`)

  /** Quoted with escapes, on one line. */
  const quoted = (mark: string, kind: TokenKind, what: string): boolean => {
    for (let end = at + 1; ; end++) {
      let char = input[end]
      if (char === '\\') {
        char = input[++end]
        if (char !== undefined && char !== '\n') continue
      }
      if (char === undefined || char === '\n') return fail(`unterminated ${what}`)
      if (char === mark) {
        emit(kind, end + 1)
        return true
      }
    }
  }

  const name = (kind: 'field' | 'variable'): boolean => {
    if (isTerminated(at + 1)) {
      emit(kind === 'field' ? 'dot' : 'variable', at + 1)
      return true
    }
    const end = endOfName(at + 1)
    if (!isTerminated(end)) return badCharacter(end)
    emit(kind, end)
    return true
  }

  const word = (): boolean => {
    const end = endOfName(at)
    if (!isTerminated(end)) return badCharacter(end)
    const said = input.slice(at, end)
    if (KEYWORDS.has(said)) emit('keyword', end)
    else if (said === 'nil') emit('nil', end)
    else emit(said === 'true' || said === 'false' ? 'bool' : 'identifier', end)
    return true
  }

  const endOfNumber = (place: number): number => {
    NUMBER.lastIndex = place
    return place + (NUMBER.exec(input)?.[0].length ?? 0)
  }
  const number = (): boolean => {
    let end = endOfNumber(at)
    const isBad = (place: number): boolean => place < input.length && isAlphaNumeric(runeOr(place))
    const refuse = (place: number): false =>
      fail(`bad number syntax: ${quote(input.slice(at, place))}`)
    const past = (place: number): number =>
      place + (place < input.length ? runeAt(input, place).size : 0)
    if (isBad(end)) return refuse(past(end))
    if (input[end] !== '+' && input[end] !== '-') {
      emit('number', end)
      return true
    }
    end = endOfNumber(end)
    if (isBad(end)) return refuse(past(end))
    if (input[end - 1] !== 'i') return refuse(end)
    emit('complex', end)
    return true
  }

  const rightDelimiter = (): void => {
    const isTrimmed = atRight(at) === 'trim'
    if (isTrimmed) at += 2
    emit('right', at + 2)
    if (isTrimmed) at = skipSpaces(at)
  }

  /** One token of an action. False: the end of all. */
  const inside = (): boolean => {
    const char = input[at]
    if (char === undefined) return fail('unclosed action')
    if (isSpace(char)) {
      const end = skipSpaces(at)
      const trims = atRight(end - 1) === 'trim'
      if (!trims) emit('space', end)
      else if (end - at > 1) emit('space', end - 1)
      return true
    }
    const single = SINGLE[char]
    if (single) {
      emit(single, at + 1)
      if (char === '(') depth++
      if (char === ')' && --depth < 0) return fail(`unexpected right paren U+0029 ')'`)
      return true
    }
    if (char === ':') {
      if (input[at + 1] !== '=') return fail('expected :=')
      emit('declare', at + 2)
      return true
    }
    if (char === '"') return quoted('"', 'string', 'quoted string')
    if (char === "'") return quoted("'", 'rune', 'character constant')
    if (char === '`') {
      const end = input.indexOf('`', at + 1)
      if (end < 0) return fail('unterminated raw quoted string')
      emit('raw', end + 1)
      return true
    }
    if (char === '$') return name('variable')
    if (char === '.' && at + 1 < input.length && !/[0-9]/.test(input[at + 1] ?? ''))
      return name('field')
    if (/[.+\-0-9]/.test(char)) return number()
    const rune = runeOr(at)
    if (isAlphaNumeric(rune)) return word()
    if (rune < 0x80 && isPrint(rune)) {
      emit('char', at + 1)
      return true
    }
    return fail(`unrecognized character in action: ${unicodeName(rune)}`)
  }

  const action = (): boolean => {
    depth = 0
    for (;;) {
      if (atRight(at)) {
        if (depth > 0) return fail('unclosed left paren')
        rightDelimiter()
        return true
      }
      if (!inside()) return false
    }
  }

  const comment = (): boolean => {
    const end = input.indexOf('*/', at + 2)
    if (end < 0) return fail('unclosed comment')
    const right = atRight(end + 2)
    if (!right) return fail('comment ends before closing delimiter')
    at = right === 'trim' ? skipSpaces(end + 6) : end + 4
    return true
  }

  for (;;) {
    const left = input.indexOf('{{', at)
    const trims = left >= 0 && input[left + 2] === '-' && isSpace(input[left + 3])
    let end = left < 0 ? input.length : left
    if (trims) while (end > at && isSpace(input[end - 1])) end--
    if (end > at) emit('text', end)
    if (left < 0) {
      emit('eof', at)
      return tokens
    }
    at = left
    const inner = left + (trims ? 4 : 2)
    if (input.startsWith('/*', inner)) {
      at = inner
      if (!comment()) return tokens
      continue
    }
    emit('left', left + 2)
    at = inner
    if (!action()) return tokens
  }
}
