import type { Paint } from './colour.ts'
import type { Command } from './command.ts'
import { isSwitch, type Option } from './option.ts'

/** Text beside names begins here at the latest; a longer name has a line of its own. */
const MAX_NAME_COLUMNS = 26
/** Wider lines are hard to read. */
const MAX_COLUMNS = 100

/** Breaks a text between words. */
const wrap = (text: string, columns: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Two columns: names, and what each is. */
const table = (rows: readonly (readonly [name: string, text: string])[]): string => {
  const widest = Math.max(0, ...rows.map(([name]) => name.length))
  const column = 2 + Math.min(MAX_NAME_COLUMNS, widest) + 2
  return rows
    .map(([name, text]) => {
      const [first = '', ...rest] = wrap(text, MAX_COLUMNS - column)
      const indent = `\n${' '.repeat(column)}`
      const head = `  ${name}`
      const start = head.length + 2 <= column ? head.padEnd(column) : `${head}${indent}`
      return [start + first, ...rest].join(indent)
    })
    .join('\n')
}

const paragraphs = (text: string): string =>
  text
    .split('\n\n')
    .map((each) => wrap(each.trim(), MAX_COLUMNS).join('\n'))
    .join('\n\n')

const nameOf = (name: string, option: Option): string => {
  const short = option.short === undefined ? '' : `-${option.short}, `
  return `${short}--${name}${isSwitch(option) ? '' : ` ${option.value ?? 'NAME'}`}`
}

const textOf = ({ summary, choices, multiple, default: fallback }: Option): string => {
  const notes = [
    ...(choices ? [`one of ${choices.join(', ')}`] : []),
    ...(multiple ? ['may be repeated'] : []),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ]
  return notes.length === 0 ? summary : `${summary} (${notes.join('; ')})`
}

const blocks = (...parts: readonly (string | undefined)[]): string =>
  `${parts.filter((part) => part !== undefined && part !== '').join('\n\n')}\n`

/** What `NAME COMMAND --help` prints. */
export const commandHelp = (call: string, command: Command, paint: Paint): string => {
  const { summary, description, positionals, options } = command
  const hasOptions = Object.keys(options).length > 0
  const usage = [call, positionals, ...(hasOptions ? ['[OPTION…]'] : [])].filter(Boolean).join(' ')
  const rows = Object.entries(options).map(([name, option]): readonly [string, string] => [
    nameOf(name, option),
    textOf(option),
  ])
  return blocks(
    `${paint('bold', 'Usage:')} ${usage}`,
    paragraphs(description ?? `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    table([...rows, ['-h, --help', 'print this']]),
  )
}

/** What `NAME --help` prints. */
export const programHelp = (
  program: {
    readonly name: string
    readonly summary: string
    readonly notes?: string
    readonly rows: readonly (readonly [name: string, summary: string])[]
  },
  paint: Paint,
): string =>
  blocks(
    `${paint('bold', program.name)}: ${program.summary}`,
    `${paint('bold', 'Usage:')} ${program.name} COMMAND [OPTION…]`,
    table(program.rows),
    `${program.name} COMMAND --help tells more of one; ${program.name} --version prints the version.`,
    program.notes === undefined ? undefined : paragraphs(program.notes),
    'Exit codes: 0 done, 1 failed or something was found, 2 wrong usage.',
  )
