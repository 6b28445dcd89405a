import { fillBy, onOneLine, type Filled, type Scanner, type Syntax, type Value } from './syntax.ts'

const QUOTES = ['"""', "'''", '"', "'"] as const

/** Follows the strings and comments of TOML 1.0; where a string ends, a value may be a whole one. */
class TomlScanner implements Scanner {
  #quote: (typeof QUOTES)[number] | '#' | undefined

  read(text: string): void {
    for (let at = 0; at < text.length;) at += this.#step(text, at)
  }

  #step(text: string, at: number): number {
    const quote = this.#quote
    if (quote === undefined) {
      this.#quote = text[at] === '#' ? '#' : QUOTES.find((each) => text.startsWith(each, at))
      return this.#quote?.length ?? 1
    }
    if (quote === '#') {
      if (text[at] === '\n') this.#quote = undefined
      return 1
    }
    if (text[at] === '\\' && quote.startsWith('"')) return 2
    if (!text.startsWith(quote, at)) return 1
    this.#quote = undefined
    return quote.length
  }

  put({ text, isData }: Value): Filled {
    switch (this.#quote) {
      case undefined:
        return { text: isData ? text : JSON.stringify(text) }
      case '#':
        return onOneLine(text)
      case '"':
      case '"""':
        return { text: JSON.stringify(text).slice(1, -1) }
      default:
        return text.includes("'")
          ? { refused: 'it holds a single quote; use double quotes here' }
          : onOneLine(text)
    }
  }
}

/** TOML 1.0: Proxmox's answer files. */
export const toml: Syntax = { fill: fillBy(() => new TomlScanner()) }
