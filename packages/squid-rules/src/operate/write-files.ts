import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { messageOf } from '@bootwire-internal/common'

import { SquidRulesError } from '../errors.ts'

const beside = (file: string): string => `${file}.new`

/**
 * Writes all of the files or none: a full disk must not leave half a `squid.conf` behind, nor new rules beside old ones.
 * @throws {SquidRulesError} `ERR_SQUID_FILE`; what was in the folder before is still there
 */
export const writeFiles = (folder: string, files: Readonly<Record<string, string>>): string[] => {
  const all = Object.entries(files).map(([name, text]) => ({ file: join(folder, name), text }))
  let at = folder
  try {
    for (const { file, text } of all) {
      at = file
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(beside(file), text)
    }
  } catch (error) {
    for (const { file } of all) rmSync(beside(file), { force: true, recursive: true })
    const why = messageOf(error)
    throw new SquidRulesError(
      'ERR_SQUID_FILE',
      `${at} cannot be written (${why}); nothing in ${folder} was changed, make room or name another folder with --out`,
      { cause: error },
    )
  }
  for (const { file } of all) renameSync(beside(file), file)
  return all.map(({ file }) => file)
}
