import { readFileSync, statSync, writeFileSync } from 'node:fs'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'
import { stringify } from 'yaml'

import { harmless } from '../../log/harmless.ts'
import { messageOf, ServerError } from '../../model/errors.ts'
import type { Note } from './dnsmasq/model.ts'
import { readModel } from './dnsmasq/read-model.ts'
import { readCommandLine, readConfigurationFile, type Statements } from './dnsmasq/statements.ts'
import { translate } from './dnsmasq/translate.ts'

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

const readText = (path: string): string => {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) throw new UsageError(`cannot read ${path}: there is no such file`)
  if (stats.isDirectory()) throw new UsageError(`cannot read ${path}: it is a folder`)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`, { cause: error })
  }
}

interface Read extends Statements {
  /** What a place is a number of. */
  readonly unit: 'line' | 'word'
}

/** One word that is no option is a file; all else is a command line, with or without its program. */
const read = (words: readonly string[]): Read => {
  const [first = ''] = words
  if (words.length === 1 && !first.startsWith('-'))
    return { unit: 'line', ...readConfigurationFile(readText(first)) }
  const isProgram = /(?:^|\/)dnsmasq$/.test(first)
  return { unit: 'word', ...readCommandLine(isProgram ? words.slice(1) : words) }
}

const HEAD = `\
# Written by \`bootwire import dnsmasq\`. Next: bootwire check, then bootwire explain --mac of a machine.
`

const shown = ({ line, text, why }: Note, unit: string): string =>
  harmless(`${unit} ${line}: ${text === '' ? '' : `${text}: `}${why}`)

const write = (file: string, text: string): void => {
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    throw new ServerError('ERR_SERVER_DATA', `cannot write ${file}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/** `bootwire import` */
export const importCommand: Command = defineCommand({
  summary: 'write what another boot server is told as bootwire.yaml',
  description:
    'Writes the bootwire.yaml under which machines boot what dnsmasq has told them: `import dnsmasq FILE` reads its configuration, `import dnsmasq -- ARGS` its command line. What has no place here is told line by line; exit code 1 where machines may boot something else for it.',
  positionals: 'FORMAT WORD…',
  options: {
    json: { summary: 'configuration and notes as data' },
    out: { value: 'FILE', summary: 'write to this file, which must not exist' },
  },
  run: ({ positionals: [format, ...words], options: { json, out }, stdout, stderr, printJson }) => {
    if (format !== 'dnsmasq')
      throw new UsageError(`"${format}" cannot be imported; allowed: dnsmasq`)
    const { unit, ...statements } = read(words)
    if (statements.statements.length === 0)
      throw new UsageError('nothing in it is an option of dnsmasq')
    const { model, notes: own } = readModel(statements)
    const { configuration, notes: translated } = translate(model, isFile)
    const notes = [...own, ...translated].toSorted((a, b) => a.line - b.line)
    const text = `${HEAD}${stringify(configuration, { lineWidth: 0 })}`
    if (json) printJson({ configuration, notes })
    else for (const note of notes) stderr.write(`${shown(note, unit)}\n`)
    if (out !== undefined) write(out, text)
    else if (!json) stdout.write(text)
    return notes.some(({ isLost }) => isLost) ? 1 : 0
  },
})
