import { readFile, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'

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

/** A script as it was read: its bytes, and a text in which a linter and a formatter can work. */
export interface ScriptFile {
  readonly bytes: Uint8Array
  readonly text: string
  /** The bytes of a text of the same encoding: what was not changed comes out as it was read. */
  readonly encode: (text: string) => Uint8Array
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text of bytes. iPXE knows no encoding: menus for BIOS consoles are often in CP437, others in GBK. What is not
 * UTF-8 is read a character for each byte.
 */
const decode = (bytes: Uint8Array): ScriptFile => {
  try {
    return { bytes, text: UTF8.decode(bytes), encode: (text) => Buffer.from(text, 'utf8') }
  } catch {
    return {
      bytes,
      text: Buffer.from(bytes).toString('latin1'),
      encode: (text) => Buffer.from(text, 'latin1'),
    }
  }
}

const readBytes = async (file: string): Promise<Uint8Array> => {
  await requireFile(file)
  try {
    return await readFile(file)
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${String(error)}`, { cause: error })
  }
}

/** Reads a file; `-` is standard input. */
export const readScript = async (file: string, stdin: Readable): Promise<ScriptFile> =>
  decode(file === '-' ? await buffer(stdin) : await readBytes(file))
