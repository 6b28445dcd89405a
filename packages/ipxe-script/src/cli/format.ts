import { writeFile } from 'node:fs/promises'

import { format, parse } from '../syntax/index.ts'
import { readScript } from './files.ts'
import { type Io, UsageError } from './io.ts'

/** `format FILE… [--write | --check]`: prints the formatted script, writes it back, or says which files would change. */
export const formatCommand = async (
  files: readonly string[],
  options: { readonly write: boolean; readonly check: boolean },
  io: Io,
): Promise<number> => {
  if (files.length === 0) throw new UsageError('format has no file and takes one or more')
  let changed = 0
  for (const file of files) {
    const text = await readScript(file, io)
    const formatted = format(parse(text))
    const isSame = formatted === text
    if (!isSame) changed++
    if (options.check) io.err(isSame ? '' : `${file} is not formatted\n`)
    else if (!options.write || file === '-') io.out(formatted)
    else if (!isSame) await writeFile(file, formatted)
  }
  return options.check && changed > 0 ? 1 : 0
}
