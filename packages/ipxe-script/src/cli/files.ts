import { readFile } from 'node:fs/promises'

import { type Io, UsageError } from './io.ts'

/** The text of a file; `-` is standard input. */
export const readScript = async (file: string, io: Io): Promise<string> => {
  if (file === '-') return io.stdin()
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
