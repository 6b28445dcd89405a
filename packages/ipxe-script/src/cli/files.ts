import { readFile, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

import { UsageError } from '@bootwire-internal/cli'

const statOf = async (path: string) => {
  try {
    return await stat(path)
  } catch {
    return undefined
  }
}

/** Refuses what is no file. */
export const requireFile = async (file: string): Promise<void> => {
  const found = await statOf(file)
  if (!found) throw new UsageError(`${file} does not exist`)
  if (found.isDirectory()) throw new UsageError(`${file} is a folder, not a file`)
}

/** Refuses what is no folder. */
export const requireFolder = async (path: string): Promise<void> => {
  if (!(await statOf(path))?.isDirectory()) throw new UsageError(`${path} is not a folder`)
}

/** The text of a file; `-` is standard input. */
export const readScript = async (file: string, stdin: Readable): Promise<string> => {
  if (file === '-') return text(stdin)
  await requireFile(file)
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${String(error)}`, { cause: error })
  }
}
