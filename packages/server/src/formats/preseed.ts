import { ShellScanner } from './shell-scanner.ts'
import {
  fillBy,
  onOneLine,
  type Filled,
  type Scanner,
  type Syntax,
  type TextProblem,
  type Value,
} from './syntax.ts'

const TYPES = [
  'boolean',
  'error',
  'multiselect',
  'note',
  'password',
  'seen',
  'select',
  'string',
  'text',
  'title',
]

/** Questions whose value is a line for the installer's shell: preseed/late_command and its like. */
const COMMAND = /^\s*\S+\s+\S*command\s+string[ \t]/

/** debconf takes the rest of the line as the value; where that is a command, a shell reads it after that. */
class PreseedScanner implements Scanner {
  #line = ''
  #shell: ShellScanner | undefined

  read(text: string): void {
    for (const part of text.split(/(?<=\n)/)) this.#readPart(part)
  }

  /** Reads to the end of a line, or to a value. A backslash at its end makes it one with the next. */
  #readPart(part: string): void {
    const content = part.replace(/\\?\n$/, (end) => (end === '\n' ? '' : ' '))
    this.#line += content
    if (this.#shell) this.#shell.read(content)
    else {
      const begin = COMMAND.exec(this.#line)?.[0]
      if (begin !== undefined) {
        this.#shell = new ShellScanner({ oneLine: true })
        this.#shell.read(this.#line.slice(begin.length))
      }
    }
    if (!/(^|[^\\])\n$/.test(part)) return
    this.#line = ''
    this.#shell = undefined
  }

  put(value: Value): Filled {
    const { text } = value
    const filled = this.#shell ? this.#shell.put(value) : onOneLine(text)
    this.#line += text
    return 'text' in filled && text.endsWith('\\')
      ? { refused: 'it ends with a backslash, which would join the next line to it' }
      : filled
  }
}

const problems = (text: string): TextProblem[] => {
  const found: TextProblem[] = []
  let offset = 0
  let isContinued = false
  for (const line of text.split('\n')) {
    if (!isContinued && line.trim() !== '' && !line.trimStart().startsWith('#')) {
      const [, question, type] = line.trim().split(/\s+/)
      const isType = type !== undefined && TYPES.includes(type)
      const message =
        question === undefined || type === undefined
          ? 'a line is "owner question type value", such as "d-i time/zone string UTC"'
          : `"${type}" is no type of a question; known: ${TYPES.join(', ')}`
      if (!isType) found.push({ message, offset })
    }
    isContinued = line.endsWith('\\')
    offset += line.length + 1
  }
  return found
}

/** Answers for debconf (debconf-set-selections(1)), as Debian's and Ubuntu's older installers take them. */
export const preseed: Syntax = { fill: fillBy(() => new PreseedScanner()), problems }
