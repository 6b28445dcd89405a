import {
  backslashed,
  isPlainWord,
  LINE_BREAKS,
  onLines,
  onOneLine,
  shellWord,
  type Filled,
  type Scanner,
  type Value,
} from './syntax.ts'

/** What is open at a place of a shell's text (POSIX.1-2017, Shell Command Language, sections 2.2, 2.3, 2.6 and 2.7.4). */
type Open =
  /** Commands; until `)` in a subshell or a command substitution. */
  | { readonly kind: 'commands'; readonly end?: ')' | '`' }
  | { readonly kind: 'single' | 'double' | 'dollar-single' | 'comment' | 'arithmetic' }
  /** `${name…}`, which keeps the quoting that it stands in. */
  | { readonly kind: 'parameter'; readonly isQuoted: boolean }
  | { readonly kind: 'here-document'; readonly of: HereDocument }

interface HereDocument {
  readonly delimiter: string
  /** One character of the delimiter was quoted, so nothing in the text expands. */
  readonly isQuoted: boolean
  /** `<<-`: tabs before the delimiter do not count. */
  readonly isStripped: boolean
}

const HERE = /^<<(-?)[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s'"\\;&|()<>])+)/

const hereDocumentOf = (
  rest: string,
): { readonly of: HereDocument; readonly length: number } | undefined => {
  if (rest.startsWith('<<<')) return undefined
  const found = HERE.exec(rest)
  const word = found?.[2]
  if (!found || word === undefined) return undefined
  const isQuoted = /['"\\]/.test(word)
  const delimiter = word.replaceAll(/['"]|\\(?=.)/g, '')
  return { of: { delimiter, isQuoted, isStripped: found[1] === '-' }, length: found[0].length }
}

/** Follows the quotes, expansions, comments and here-documents of a shell script. */
export class ShellScanner implements Scanner {
  readonly #isOneLine: boolean
  readonly #open: Open[] = [{ kind: 'commands' }]
  /** Here-documents whose text begins with the next line. */
  #waiting: HereDocument[] = []
  /** What stands before on this line of a here-document. */
  #line = ''
  /** Whether a `#` here begins a comment. */
  #isWordStart = true

  /** @param options - `oneLine`: the script is a line of something else, so no value may break it */
  constructor({ oneLine = false } = {}) {
    this.#isOneLine = oneLine
  }

  get #top(): Open {
    return this.#open.at(-1)!
  }

  read(text: string): void {
    for (let at = 0; at < text.length;) at += this.#step(text, at)
  }

  /** Reads one thing; returns its length. */
  #step(text: string, at: number): number {
    const top = this.#top
    switch (top.kind) {
      case 'here-document':
        return this.#inHereDocument(text, at, top.of)
      case 'comment':
        if (text[at] !== '\n') return 1
        this.#open.pop()
        return this.#step(text, at)
      case 'single':
        if (text[at] === "'") this.#open.pop()
        return 1
      case 'dollar-single':
        if (text[at] === "'") this.#open.pop()
        return text[at] === '\\' ? 2 : 1
      case 'double':
        return this.#inDouble(text, at)
      case 'parameter':
        return this.#inParameter(text, at, top.isQuoted)
      case 'arithmetic':
        if (text.startsWith('))', at)) {
          this.#open.pop()
          return 2
        }
        return this.#expansion(text, at) ?? 1
      default:
        return this.#inCommands(text, at, top.end)
    }
  }

  /** An expansion that begins here: opens it, and returns the length of its begin. */
  #expansion(text: string, at: number, isQuoted = false): number | undefined {
    if (text.startsWith('$((', at)) return this.#begin({ kind: 'arithmetic' }, 3)
    if (text.startsWith('$(', at)) return this.#begin({ kind: 'commands', end: ')' }, 2)
    // eslint-disable-next-line no-template-curly-in-string -- a shell's
    if (text.startsWith('${', at)) return this.#begin({ kind: 'parameter', isQuoted }, 2)
    if (text[at] === '`') return this.#begin({ kind: 'commands', end: '`' }, 1)
    return text[at] === '\\' ? 2 : undefined
  }

  #begin(open: Open, length: number): number {
    this.#open.push(open)
    this.#isWordStart = open.kind === 'commands'
    return length
  }

  #inDouble(text: string, at: number): number {
    if (text[at] !== '"') return this.#expansion(text, at, true) ?? 1
    this.#open.pop()
    return 1
  }

  #inParameter(text: string, at: number, isQuoted: boolean): number {
    const character = text[at]
    if (character === '}') this.#open.pop()
    if (character === '"') return this.#begin({ kind: 'double' }, 1)
    if (character === "'" && !isQuoted) return this.#begin({ kind: 'single' }, 1)
    return this.#expansion(text, at, isQuoted) ?? 1
  }

  #inCommands(text: string, at: number, end: ')' | '`' | undefined): number {
    const character = text[at]!
    if (character === end) {
      this.#open.pop()
      this.#isWordStart = false
      return 1
    }
    const opened = this.#opened(text, at, character)
    if (opened !== undefined) return opened
    this.#isWordStart = /[\s;&|(<>)]/.test(character)
    if (character === '\n') this.#newLine()
    return 1
  }

  #opened(text: string, at: number, character: string): number | undefined {
    if (character === '#' && this.#isWordStart) return this.#begin({ kind: 'comment' }, 1)
    if (character === "'") return this.#begin({ kind: 'single' }, 1)
    if (character === '"') return this.#begin({ kind: 'double' }, 1)
    if (text.startsWith("$'", at)) return this.#begin({ kind: 'dollar-single' }, 2)
    if (text.startsWith('((', at) && this.#isWordStart)
      return this.#begin({ kind: 'arithmetic' }, 2)
    if (character === '(') return this.#begin({ kind: 'commands', end: ')' }, 1)
    if (text.startsWith('<<', at)) {
      const here = hereDocumentOf(text.slice(at, at + 1024))
      if (here) this.#waiting.push(here.of)
      return here?.length ?? (text.startsWith('<<<', at) ? 3 : 2)
    }
    const length = this.#expansion(text, at)
    if (length !== undefined) this.#isWordStart = this.#top.kind === 'commands' && length < 2
    return length
  }

  #newLine(): void {
    const [first, ...rest] = this.#waiting
    if (!first) return
    this.#waiting = []
    for (const of of [first, ...rest].toReversed()) this.#open.push({ kind: 'here-document', of })
    this.#line = ''
  }

  #inHereDocument(text: string, at: number, { delimiter, isStripped }: HereDocument): number {
    const end = text.indexOf('\n', at)
    this.#line += text.slice(at, end < 0 ? text.length : end)
    if (end < 0) return text.length - at
    const line = isStripped ? this.#line.replace(/^\t+/, '') : this.#line
    if (line === delimiter) this.#open.pop()
    this.#line = ''
    this.#isWordStart = true
    return end + 1 - at
  }

  put({ text }: Value): Filled {
    const top = this.#top
    this.#isWordStart = false
    this.#line += text.split('\n').at(-1) ?? ''
    if (this.#isOneLine && /[\r\n]/.test(text)) return { refused: LINE_BREAKS }
    switch (top.kind) {
      case 'single':
        return onLines(text, (value) => value.replaceAll("'", String.raw`'\''`))
      case 'double':
        return onLines(text, (value) => backslashed(value, /[\\"$`]/g))
      case 'dollar-single':
        return onLines(text, (value) => backslashed(value, /[\\']/g))
      case 'parameter':
        return top.isQuoted
          ? onLines(text, (value) => backslashed(value, /[\\"$`}]/g))
          : onLines(text, shellWord)
      case 'comment':
        return onOneLine(text)
      case 'arithmetic':
        return isPlainWord(text) ? { text } : { refused: 'it is no number' }
      case 'here-document':
        return this.#inHere(text, top.of)
      default:
        if (top.end !== '`') return onOneLine(text, shellWord)
        return isPlainWord(text)
          ? { text }
          : { refused: 'what stands between backticks is read twice; write $(…) instead' }
    }
  }

  #inHere(text: string, { delimiter, isQuoted }: HereDocument): Filled {
    if (text.split('\n').some((line) => line.trim() === delimiter))
      return { refused: `it would end the here-document "${delimiter}"` }
    return onLines(text, (value) => (isQuoted ? value : backslashed(value, /[\\$`]/g)))
  }
}

/** A program in a language that is none of a shell: only what means itself everywhere. */
const foreignScanner: Scanner = {
  read: () => {},
  put: ({ text }) =>
    text.split(' ').every((word) => word === '' || isPlainWord(word))
      ? { text }
      : {
          refused:
            'this is no shell script, and how its language quotes is not known; write {{ … | raw }} where that is safe',
        },
}

/** The scanner for a script, by its first line: `#!/bin/sh`, `/usr/bin/python3`. */
export const scannerFor = (interpreter: string): Scanner =>
  /(^|[/\s])(ba|da|z|k|mk|a)?sh(\s|$)/.test(interpreter) ? new ShellScanner() : foreignScanner
