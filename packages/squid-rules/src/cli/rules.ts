import { createEngine, type Engine } from '../engine/engine.ts'
import { compileRules } from '../generate/generate.ts'
import type { Options } from '../options/options.ts'
import { readOptions } from '../options/read.ts'

/** The option that names a rules file. */
export const RULES_OPTION = {
  value: 'RULES',
  summary: 'rules file; default: the catalogue',
} as const

/** The options of a file, or of the catalogue without one; warnings go to `warn`. */
export const optionsFrom = async (
  file: string | undefined,
  warn: (line: string) => void,
): Promise<Options> => {
  if (file === undefined) return {}
  const { options, warnings } = await readOptions(file)
  for (const warning of warnings) warn(`warning: ${warning}`)
  return options
}

export const engineFrom = async (
  file: string | undefined,
  warn: (line: string) => void,
): Promise<Engine> => createEngine(compileRules(await optionsFrom(file, warn)))
