import {
  fillBy,
  type Filled,
  type Scanner,
  type Syntax,
  type TextProblem,
  type Value,
} from './syntax.ts'

/** Inside quotes that the template has, a value is a part of that text; outside of them it is a whole JSON value. */
class JsonScanner implements Scanner {
  #isInText = false
  #isEscaped = false

  read(text: string): void {
    for (const character of text) {
      if (this.#isEscaped) this.#isEscaped = false
      else if (this.#isInText && character === '\\') this.#isEscaped = true
      else if (character === '"') this.#isInText = !this.#isInText
    }
  }

  put({ text, isData }: Value): Filled {
    if (this.#isInText) return { text: JSON.stringify(text).slice(1, -1) }
    return { text: isData ? text : JSON.stringify(text) }
  }
}

const SPACE = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
// oxlint-disable-next-line no-control-regex -- JSON forbids control characters in its texts
const STRING = /"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y
const MAX_DEPTH = 500

/** Reads JSON (RFC 8259) only to say where it is none: engines word that differently, or give no place. */
class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (!found) return false
    this.#at += found[0].length
    return true
  }

  #takes(character: string): boolean {
    this.#take(SPACE)
    if (this.#text[this.#at] !== character) return false
    this.#at++
    this.#take(SPACE)
    return true
  }

  #fail(expected: string): TextProblem {
    const seen = this.#text[this.#at]
    const saw = seen === undefined ? 'the end of the text' : JSON.stringify(seen)
    return { message: `${saw} where ${expected} must stand`, offset: this.#at }
  }

  whole(): TextProblem | undefined {
    this.#take(SPACE)
    const problem = this.#value(0)
    if (problem) return problem
    this.#take(SPACE)
    return this.#at < this.#text.length ? this.#fail('nothing more') : undefined
  }

  #value(depth: number): TextProblem | undefined {
    if (depth > MAX_DEPTH)
      return { message: `more than ${MAX_DEPTH} brackets are open`, offset: this.#at }
    if (this.#takes('{')) return this.#items('}', depth, () => this.#member(depth))
    if (this.#takes('[')) return this.#items(']', depth, () => this.#value(depth + 1))
    if (this.#take(STRING) || this.#take(NUMBER) || this.#take(WORD)) return undefined
    return this.#text[this.#at] === '"'
      ? {
          message:
            'this text in quotes has no end on its line, or a "\\" before a character that needs none',
          offset: this.#at,
        }
      : this.#fail('a value')
  }

  #member(depth: number): TextProblem | undefined {
    if (!this.#take(STRING)) return this.#fail('a name in double quotes')
    return this.#takes(':') ? this.#value(depth + 1) : this.#fail('":"')
  }

  #items(
    end: ']' | '}',
    depth: number,
    item: () => TextProblem | undefined,
  ): TextProblem | undefined {
    if (this.#takes(end)) return undefined
    for (;;) {
      const problem = item()
      if (problem) return problem
      if (this.#takes(end)) return undefined
      if (!this.#takes(',')) return this.#fail(`"," or "${end}"`)
    }
  }
}

/** Where a text is no JSON. */
export const jsonProblem = (text: string): TextProblem | undefined => new JsonReader(text).whole()

export const json: Syntax = {
  fill: fillBy(() => new JsonScanner()),
  problems: (text) => {
    const problem = jsonProblem(text)
    return problem ? [problem] : []
  },
}
