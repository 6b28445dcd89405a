/** A set of bytes: 1 where the byte is in it. */
export type ByteSet = Uint8Array

/** A regular expression as a tree. `look` holds what an assertion looks for; it is judged on its own. */
export type Node =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }
  | {
      readonly kind: 'assertion'
      readonly what: 'start' | 'end' | 'look' | 'other'
      readonly look?: Node
    }

/** A regular expression that this parser does not read: back references, recursion and the like. */
export class UnreadableRegex extends Error {
  override readonly name = 'UnreadableRegex'
}

const setOf = (holds: (char: string) => boolean): ByteSet =>
  Uint8Array.from({ length: 256 }, (_, code) => (holds(String.fromCharCode(code)) ? 1 : 0))

const not = (set: ByteSet): ByteSet => set.map((bit) => 1 - bit)

const DIGIT = setOf((char) => /[0-9]/.test(char))
const WORD = setOf((char) => /[A-Za-z0-9_]/.test(char))
const SPACE = setOf((char) => /[\t-\r ]/.test(char))
const DOT = setOf((char) => char !== '\n')

const CLASSES: Readonly<Record<string, ByteSet>> = {
  d: DIGIT,
  D: not(DIGIT),
  w: WORD,
  W: not(WORD),
  s: SPACE,
  S: not(SPACE),
}
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' }

const one = (char: string): ByteSet => setOf((each) => each === char)

/** Reads the part of Perl's syntax that rules for Squid use. */
export const parseRegex = (text: string): Node => {
  let at = 0
  const fail = (why: string): never => {
    throw new UnreadableRegex(`${why} in column ${at + 1}`)
  }
  const has = (word: string): boolean => {
    if (!text.startsWith(word, at)) return false
    at += word.length
    return true
  }
  const escape = (inClass: boolean): ByteSet | Node => {
    const char = text[at++]
    if (char === undefined) return fail('a lone backslash')
    const known = CLASSES[char]
    if (known) return known
    const control = CONTROLS[char]
    if (control !== undefined) return one(control)
    if (char === 'x') {
      const hex = /^[0-9A-Fa-f]{2}/.exec(text.slice(at))?.[0]
      if (hex === undefined) return fail('an escape that is not read')
      at += 2
      return one(String.fromCharCode(Number.parseInt(hex, 16)))
    }
    if (!inClass && 'bBAzZG'.includes(char)) {
      return {
        kind: 'assertion',
        what: char === 'A' ? 'start' : char === 'b' || char === 'B' ? 'other' : 'end',
      }
    }
    return /[A-Za-z0-9]/.test(char) ? fail(`\\${char}, which is not read`) : one(char)
  }
  const classItem = (): ByteSet => {
    if (has('\\')) {
      const found = escape(true)
      return found instanceof Uint8Array ? found : fail('an assertion in a class')
    }
    return one(text[at++] ?? fail('a class without an end'))
  }
  const bracket = (): ByteSet => {
    const negated = has('^')
    const set = new Uint8Array(256)
    for (let first = true; first || text[at] !== ']'; first = false) {
      if (at >= text.length) fail('a class without an end')
      const from = classItem()
      const low = from.indexOf(1)
      if (
        text[at] === '-' &&
        text[at + 1] !== ']' &&
        text[at + 1] !== undefined &&
        from.lastIndexOf(1) === low
      ) {
        at++
        const high = classItem().indexOf(1)
        for (let code = low; code <= high; code++) set[code] = 1
      } else from.forEach((bit, code) => bit === 1 && (set[code] = 1))
    }
    at++
    return negated ? not(set) : set
  }
  const group = (): Node => {
    const look = has('?=') || has('?!') || has('?<=') || has('?<!')
    if (!look && !has('?:') && text[at] === '?') {
      const name = /^\?(?:P?<[A-Za-z_]\w*>|[a-z]*:)/.exec(text.slice(at))?.[0]
      at += (name ?? fail('a group that is not read')).length
    }
    const inside = choice()
    if (!has(')')) fail('a group without an end')
    return look ? { kind: 'assertion', what: 'look', look: inside } : inside
  }
  const atom = (): Node => {
    const char = text[at++]!
    if (char === '(') return group()
    if (char === '[') return { kind: 'set', set: bracket() }
    if (char === '.') return { kind: 'set', set: DOT }
    if (char === '^') return { kind: 'assertion', what: 'start' }
    if (char === '$') return { kind: 'assertion', what: 'end' }
    if (char !== '\\') return { kind: 'set', set: one(char) }
    const found = escape(false)
    return found instanceof Uint8Array ? { kind: 'set', set: found } : found
  }
  const repeated = (part: Node): Node => {
    const counts = /^\{(\d+)(,(\d*))?\}/.exec(text.slice(at))
    const char = text[at]
    let least = 0
    let most = Number.POSITIVE_INFINITY
    if (counts) {
      at += counts[0].length
      least = Number(counts[1])
      most = counts[2] === undefined ? least : counts[3] === '' ? most : Number(counts[3])
    } else if (char === '*' || char === '+' || char === '?') {
      at++
      least = char === '+' ? 1 : 0
      most = char === '?' ? 1 : most
    } else return part
    if (!has('?')) has('+')
    return repeated({ kind: 'repeat', part, least, most })
  }
  const sequence = (): Node => {
    const parts: Node[] = []
    while (at < text.length && text[at] !== '|' && text[at] !== ')') parts.push(repeated(atom()))
    return { kind: 'sequence', parts }
  }
  const choice = (): Node => {
    const parts = [sequence()]
    while (has('|')) parts.push(sequence())
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts }
  }
  const whole = choice()
  return at < text.length ? fail('a closing parenthesis too many') : whole
}
