import type { Options } from '../options/options.ts'
import { readOptions } from '../options/read.ts'

/** One command of `bootwire-squid`. */
export interface Command {
  readonly usage: string
  readonly what: string
  /** Returns the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`)
const warn = (text: string): void => void process.stderr.write(`${text}\n`)

/** The options of a file, or of the whole catalogue without one; warnings go to stderr. */
export const optionsFrom = async (file: string | undefined): Promise<Options> => {
  if (file === undefined) return {}
  const { options, warnings } = await readOptions(file)
  for (const warning of warnings) warn(`warning: ${warning}`)
  return options
}
