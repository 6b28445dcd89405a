import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { BuiltScript } from '../build/script.ts'
import { IpxeScriptError } from '../errors.ts'
import { FileError } from './file-error.ts'
import { requireFile } from './files.ts'

/** A script comes as itself, as its text, or from a function that makes it. */
const scriptIn = async (value: unknown): Promise<string | undefined> => {
  const made: unknown =
    typeof value === 'function' ? await Reflect.apply(value, undefined, []) : value
  if (made instanceof BuiltScript) return made.text
  if (typeof made === 'string' && made.startsWith('#!ipxe')) return made
  // A module may bring a copy of this library of its own.
  if (typeof made === 'object' && made !== null && 'text' in made && typeof made.text === 'string')
    return made.text.startsWith('#!ipxe') ? made.text : undefined
  return undefined
}

/** Where in the person's own files an error arose, from its stack: `    at FILE:LINE:COLUMN` or nothing. */
const placeOf = (error: Error): string => {
  const frame = error.stack?.split('\n').find((line) => /^\s+at .*(?:file:\/\/|\/)/.test(line))
  return frame === undefined || /node:internal|[\\/]dist[\\/]/.test(frame) ? '' : `\n${frame}`
}

const whyNot = (file: string, error: unknown): string => {
  if (!(error instanceof Error)) return `${file} throws ${String(error)}`
  const hint = error instanceof SyntaxError ? `\nWhere: node --check ${file}` : ''
  return `${file} cannot be run: ${String(error)}${placeOf(error)}${hint}`
}

const importScript = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  await requireFile(file)
  try {
    const module: Readonly<Record<string, unknown>> = await import(
      pathToFileURL(resolve(file)).href
    )
    return module
  } catch (error) {
    if (error instanceof IpxeScriptError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      const why = /\.[cm]?ts$/.test(file)
        ? 'this Node does not run TypeScript; use Node 22.18 or later, a loader, or a .mjs file'
        : 'build takes a module, .mjs or .ts, that exports a script'
      throw new UsageError(`${file}: ${why}`, { cause: error })
    }
    throw new FileError(whyNot(file, error), { cause: error })
  }
}

/** `bootwire-ipxe build`: imports a module and prints the script it exports. */
export const buildCommand: Command = defineCommand({
  summary: 'print the script that a .mjs or .ts module exports',
  positionals: 'FILE',
  options: { out: { value: 'FILE', short: 'o', summary: 'write it there' } },
  run: async ({ options: { out }, positionals: [file], stdout }) => {
    const module = await importScript(file)
    const candidates = 'default' in module ? [module['default']] : Object.values(module)
    const scripts: string[] = []
    for (const candidate of candidates) {
      const text = await scriptIn(candidate)
      if (text !== undefined) scripts.push(text)
    }
    const [script, another] = scripts
    if (script === undefined || another !== undefined)
      throw new UsageError(
        `${file} exports ${scripts.length} scripts; one is built: export it as default, or export no other`,
      )
    if (out === undefined) stdout.write(script)
    else await writeFile(out, script)
  },
})
