import { SaxesParser } from 'saxes'

import {
  fillBy,
  onLines,
  type Filled,
  type Scanner,
  type Syntax,
  type TextProblem,
} from './syntax.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
}

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)

/** Line breaks and tabs of an attribute would be read as blanks (XML 1.0, section 3.3.3). */
const escapedInAttribute = (text: string): string =>
  text.replaceAll(/[&<>"'\n\t]/g, (character) => ENTITIES[character]!)

/** What begins where, and what ends it; inside, only that end matters (XML 1.0, section 2). */
const ENDS = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>', '<!': '>', '<': '>' } as const

type Begin = keyof typeof ENDS

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table above
const BEGINS = Object.keys(ENDS) as Begin[]

const mayNotHold = (text: string, end: string): Filled =>
  text.includes(end)
    ? { refused: `it holds "${end}", which ends what it stands in` }
    : onLines(text)

class XmlScanner implements Scanner {
  #begin: Begin | undefined
  /** The quote of the attribute that is open. */
  #quote: string | undefined

  read(text: string): void {
    for (let at = 0; at < text.length;) at += this.#step(text, at)
  }

  #step(text: string, at: number): number {
    const begin = this.#begin
    if (begin === undefined) {
      this.#begin = BEGINS.find((each) => text.startsWith(each, at))
      return this.#begin?.length ?? 1
    }
    if (begin === '<') return this.#inTag(text[at]!)
    const end = ENDS[begin]
    if (!text.startsWith(end, at)) return 1
    this.#begin = undefined
    return end.length
  }

  #inTag(character: string): number {
    if (this.#quote !== undefined) {
      if (character === this.#quote) this.#quote = undefined
    } else if (character === '"' || character === "'") this.#quote = character
    else if (character === '>') this.#begin = undefined
    return 1
  }

  put({ text }: { readonly text: string }): Filled {
    switch (this.#begin) {
      case undefined:
        return onLines(text, escaped)
      case '<':
        if (this.#quote !== undefined) return onLines(text, escapedInAttribute)
        return /^[A-Za-z_][\w.-]*$/.test(text) ? { text } : { refused: 'it is no name of XML' }
      case '<!--':
        return mayNotHold(text, '--')
      default:
        return mayNotHold(text, ENDS[this.#begin])
    }
  }
}

const problems = (text: string): TextProblem[] => {
  const parser = new SaxesParser({ position: true })
  let problem: TextProblem | undefined
  parser.on('error', ({ message }) => {
    problem ??= {
      message: message.replace(/^(?:\d+:\d+: )?/, ''),
      offset: Math.max(0, parser.position - 1),
    }
  })
  parser.write(text).close()
  return problem ? [problem] : []
}

/** XML 1.0: Windows' answer files, AutoYaST. */
export const xml: Syntax = { fill: fillBy(() => new XmlScanner()), problems }
