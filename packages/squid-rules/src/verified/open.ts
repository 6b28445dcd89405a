import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'

import { SquidRulesError } from '../errors.ts'
import { createVerifiedEngine, type VerifiedEngine } from './engine.ts'
import { readManifest } from './manifest.ts'
import { openTable, type Table } from './table.ts'

const STEP_BYTES = 1024 * 1024

/** Reads a file into one piece of memory, which the table then uses as it is. */
const readWhole = (file: string): Uint8Array => {
  const fd = openSync(file, 'r')
  try {
    const bytes = new Uint8Array(fstatSync(fd).size)
    for (let at = 0; at < bytes.length;) {
      const read = readSync(fd, bytes, at, Math.min(STEP_BYTES, bytes.length - at), null)
      if (read === 0) break
      at += read
    }
    return bytes
  } finally {
    closeSync(fd)
  }
}

/** A table beside the manifest. */
export const readTable = (folder: string, name: string): Table => {
  if (!/^[A-Za-z0-9._-]+$/.test(name) || name.startsWith('.'))
    throw new SquidRulesError('ERR_SQUID_INDEX', `"${name}" is no file beside the manifest`)
  return openTable(readWhole(join(folder, name)))
}

/**
 * What `bootwire-squid index` has written, ready for the helper.
 * @throws {SquidRulesError} `ERR_SQUID_INDEX`
 */
export const openVerified = (folder: string): VerifiedEngine =>
  createVerifiedEngine(
    readManifest(folder).repositories.map((about) => ({
      about,
      table: readTable(folder, about.table),
    })),
  )
