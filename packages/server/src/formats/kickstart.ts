import { scannerFor, ShellScanner } from './shell-scanner.ts'
import {
  backslashed,
  fillBy,
  onOneLine,
  shellWord,
  type Filled,
  type Scanner,
  type Syntax,
  type TextProblem,
  type Value,
} from './syntax.ts'

/** Sections that are scripts, and those that are lists (Anaconda's Kickstart documentation, chapters 3 to 6). */
const SCRIPTS = ['pre', 'pre-install', 'post', 'onerror', 'traceback']
const LISTS = ['packages', 'addon', 'anaconda', 'certificate']
/** Lines that begin with a percent sign and open nothing. */
const INCLUDES = ['include', 'ksappend']

const sectionOf = (line: string): string | undefined => /^%([\w-]+)/.exec(line)?.[1]

/** Words of a command line, as Python's shlex reads them: in double quotes nothing expands, a line ends all quotes. */
class CommandScanner implements Scanner {
  #quote: string | undefined
  #isEscaped = false
  #isComment = false
  #isLineStart = true

  read(text: string): void {
    for (const character of text) this.#step(character)
  }

  #step(character: string): void {
    if (character === '\n') {
      this.#quote = undefined
      this.#isEscaped = this.#isComment = false
      this.#isLineStart = true
      return
    }
    if (this.#isLineStart && character === '#') this.#isComment = true
    if (!/\s/.test(character)) this.#isLineStart = false
    if (this.#isComment) return
    if (this.#isEscaped) this.#isEscaped = false
    else if (character === '\\' && this.#quote !== "'") this.#isEscaped = true
    else if (this.#quote === undefined && (character === '"' || character === "'"))
      this.#quote = character
    else if (character === this.#quote) this.#quote = undefined
  }

  put({ text }: Value): Filled {
    this.#isLineStart = false
    if (this.#isComment) return onOneLine(text)
    if (this.#quote === '"') return onOneLine(text, (value) => backslashed(value, /[\\"]/g))
    if (this.#quote === "'")
      return onOneLine(text, (value) => value.replaceAll("'", String.raw`'\''`))
    return onOneLine(text, shellWord)
  }
}

const lines: Scanner = { read: () => {}, put: ({ text }) => onOneLine(text) }

const inSection = (line: string): Scanner | undefined => {
  const section = sectionOf(line)
  if (section === undefined) return undefined
  if (LISTS.includes(section)) return lines
  if (!SCRIPTS.includes(section)) return undefined
  const interpreter = /--interpreter[= ]("?)([^"\s]+)\1/.exec(line)?.[2]
  return interpreter === undefined ? new ShellScanner() : scannerFor(interpreter)
}

/** Commands, and sections each with rules of its own. */
class KickstartScanner implements Scanner {
  #line = ''
  #inside: Scanner = new CommandScanner()
  #isSection = false

  read(text: string): void {
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at)
      const part = end < 0 ? text.slice(at) : text.slice(at, end + 1)
      this.#line += part
      this.#inside.read(part)
      if (end >= 0) this.#endLine()
      at += part.length
    }
  }

  #endLine(): void {
    const section = this.#isSection ? undefined : inSection(this.#line)
    if (section) {
      this.#inside = section
      this.#isSection = true
    } else if (this.#isSection && sectionOf(this.#line) === 'end') {
      this.#inside = new CommandScanner()
      this.#isSection = false
    }
    this.#line = ''
  }

  put(value: Value): Filled {
    this.#line += value.text
    return this.#inside.put(value)
  }
}

const problems = (text: string): TextProblem[] => {
  const found: TextProblem[] = []
  let open: { readonly name: string; readonly offset: number } | undefined
  let offset = 0
  for (const line of text.split('\n')) {
    const name = sectionOf(line)
    if (name === 'end') {
      if (!open) found.push({ message: '%end ends nothing: no section is open', offset })
      open = undefined
    } else if (name !== undefined && !INCLUDES.includes(name) && !open) {
      if ([...SCRIPTS, ...LISTS].includes(name)) open = { name, offset }
      else
        found.push({
          message: `%${name} is no section; known: ${[...SCRIPTS, ...LISTS].map((each) => `%${each}`).join(', ')}`,
          offset,
        })
    } else if (name !== undefined && open && [...SCRIPTS, ...LISTS].includes(name)) {
      found.push({
        message: `%${open.name} has no %end before %${name} begins`,
        offset: open.offset,
      })
      open = { name, offset }
    }
    offset += line.length + 1
  }
  if (open) found.push({ message: `%${open.name} has no %end`, offset: open.offset })
  return found
}

/** Anaconda's kickstart. */
export const kickstart: Syntax = { fill: fillBy(() => new KickstartScanner()), problems }
