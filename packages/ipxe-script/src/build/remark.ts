import { IpxeScriptError } from '../errors.ts'
import { Command } from './step.ts'

/** A comment or an empty line. */
export class Remark {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  render(): string {
    return this.#text
  }
}

const refuse = (what: string, value: string, offset: number): never => {
  throw new IpxeScriptError(
    'ERR_IPXE_LINE_BREAK',
    `${what} ${JSON.stringify(value)} has a line break or a NUL in it, or a backslash at its end`,
    { offset, line: 1, column: offset + 1 },
  )
}

/** What cannot stand in one line: line breaks, NUL, and a last backslash, which would swallow the next line. */
const checkLine = (what: string, value: string): void => {
  // oxlint-disable-next-line no-control-regex -- NUL is what is refused
  const at = value.search(/[\n\r\0]|\\$/)
  if (at >= 0) refuse(what, value, at)
}

/** A comment of one line. */
export const comment = (value: string): Remark => {
  checkLine('comment', value)
  return new Remark(value === '' ? '#' : `# ${value}`)
}

/** An empty line. */
export const blank: Remark = /* @__PURE__ */ new Remark('')

/**
 * One line exactly as written, for what this library does not know: a command of a fork. Nothing in it is checked or
 * escaped but that it is one line.
 */
export const verbatim = (line: string): Command<never, 'fallible'> => {
  checkLine('verbatim', line)
  return new Command('', line, true)
}
