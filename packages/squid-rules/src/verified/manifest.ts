import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { SquidRulesError } from '../errors.ts'

/**
 * How sure an entry is: `signed` by a key that was allowed, or `tls`: its chain of hashes begins in a document that
 * came by https from a host that was named. What is neither gets no key.
 */
export type Grade = 'signed' | 'tls'

/**
 * - `trusted`: named by a person, or its first files were all right. Shares its copies.
 * - `probation`: carries a validly signed index, which anyone can copy. Its files keep their own URLs.
 * - `out`: sent other bytes than its index names.
 */
export type PlaceState = 'trusted' | 'probation' | 'out'

/** A mirror that was found by the index below it. */
export interface ManifestPlace {
  /** `host/prefix` */
  readonly mirror: string
  readonly state: PlaceState
  /** Files that were hashed and right, on probation. */
  readonly right: number
}

/** One repository whose index was read. */
export interface ManifestRepository {
  readonly name: string
  readonly grade: Grade
  /** Fingerprint of the key, for `signed`. */
  readonly signedBy?: string
  /** The date of the newest index of each suite, milliseconds: an older one is a replay. */
  readonly timesMs: Readonly<Record<string, number>>
  /** File beside the manifest: SHA-256 by path. */
  readonly table: string
  /** File beside the manifest: size by path, for the check. */
  readonly sizes: string
  readonly entries: number
  readonly places: readonly ManifestPlace[]
}

/** What `bootwire-squid index` has found; written as a whole, by rename. */
export interface Manifest {
  readonly version: 1
  readonly repositories: readonly ManifestRepository[]
}

/** Where the indexes lie unless `indexes` says so. */
export const DEFAULT_INDEXES = '/var/lib/bootwire-squid'

export const MANIFEST_FILE = 'manifest.json'

/** Files that must be right before a mirror on probation shares its copies. */
export const PROBATION_FILES = 20

export const EMPTY_MANIFEST: Manifest = { version: 1, repositories: [] }

/** @throws {SquidRulesError} `ERR_SQUID_INDEX` */
export const readManifest = (folder: string): Manifest => {
  let text: string
  try {
    text = readFileSync(join(folder, MANIFEST_FILE), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return EMPTY_MANIFEST
    throw new SquidRulesError('ERR_SQUID_INDEX', `${folder}/${MANIFEST_FILE} cannot be read`, {
      cause: error,
    })
  }
  try {
    const value: Manifest = JSON.parse(text)
    if (value.version === 1 && Array.isArray(value.repositories)) return value
  } catch {
    // told below, with what to do
  }
  throw new SquidRulesError(
    'ERR_SQUID_INDEX',
    `${folder}/${MANIFEST_FILE} is not what bootwire-squid index writes; remove it and run it again`,
  )
}
