import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { mirrorText, parseMirror } from '../engine/mirror.ts'
import type { IndexEntry } from './deb.ts'
import type { Fetch } from './fetch.ts'
import {
  EMPTY_MANIFEST,
  MANIFEST_FILE,
  type Manifest,
  type ManifestPlace,
  type ManifestRepository,
} from './manifest.ts'
import { readRelease, readSuite } from './read-deb.ts'
import { readPrimary, readRepomd } from './read-rpm.ts'
import type { Say, SignedSource } from './source.ts'
import { createTableWriter, type TableWriter } from './table.ts'

export interface IndexRun {
  readonly sources: readonly SignedSource[]
  /** Roots that clients have used, from the cache's log; each is tried against every source. */
  readonly seenRoots?: readonly string[]
  readonly folder: string
  readonly fetch: Fetch
  readonly nowMs: number
  readonly say: Say
  readonly before?: Manifest
}

const SHA256_BYTES = 32
const SIZE_BYTES = 8

interface Collected {
  readonly table: TableWriter
  readonly sizes: TableWriter
  entries: number
}

const newCollected = (): Collected => ({
  table: createTableWriter(SHA256_BYTES, randomBytes(8)),
  sizes: createTableWriter(SIZE_BYTES, randomBytes(8)),
  entries: 0,
})

const collect =
  (into: Collected) =>
  ({ path, bytes, sha256 }: IndexEntry): void => {
    into.table.add(path, Buffer.from(sha256, 'hex'))
    const size = Buffer.alloc(SIZE_BYTES)
    size.writeBigUInt64LE(BigInt(bytes))
    into.sizes.add(path, size)
    into.entries++
  }

/** What was read of one source. */
interface Reading {
  readonly collected: Collected
  readonly timesMs: Record<string, number>
  readonly fingerprint: string | undefined
  /** Whether a root's index is this one, so that it is a mirror. */
  readonly isMirror: (root: string, say: Say) => Promise<boolean>
}

const isReplay = (
  name: string,
  timeMs: number,
  before: ManifestRepository | undefined,
  say: Say,
): boolean => {
  const last = before?.timesMs[name] ?? 0
  if (timeMs >= last) return false
  say(
    'replay',
    `${name}: its date ${new Date(timeMs).toISOString()} is before ${new Date(last).toISOString()}, which was read earlier`,
  )
  return true
}

const readDebSource = async (
  source: SignedSource,
  before: ManifestRepository | undefined,
  { fetch, say, nowMs }: IndexRun,
): Promise<Reading | undefined> => {
  const { suites = [], roots, keyring } = source
  if (keyring === undefined || suites.length === 0) {
    say('not-verified', `${source.name}: a deb source needs a keyring and suites`)
    return undefined
  }
  const collected = newCollected()
  const timesMs: Record<string, number> = {}
  let fingerprint: string | undefined
  for (const suite of suites) {
    let done = false
    for (const root of roots) {
      const release = await readRelease(root, suite, source, fetch, say)
      if (!release || isReplay(suite, release.timeMs, before, say)) continue
      if (release.validUntilMs !== undefined && release.validUntilMs < nowMs)
        // It still says what the bytes are; only newer packages are missing from it.
        say(
          'expired',
          `${root} ${suite}: valid until ${new Date(release.validUntilMs).toISOString()}`,
        )
      if (!(await readSuite(root, suite, release, source, fetch, say, collect(collected)))) continue
      timesMs[suite] = release.timeMs
      fingerprint = release.fingerprint
      done = true
      break
    }
    if (!done) return undefined
  }
  const isMirror: Reading['isMirror'] = async (root, tell) => {
    for (const suite of suites) if (await readRelease(root, suite, source, fetch, tell)) return true
    return false
  }
  return { collected, timesMs, fingerprint, isMirror }
}

const readRpmSource = async (
  source: SignedSource,
  before: ManifestRepository | undefined,
  { fetch, say }: IndexRun,
): Promise<Reading | undefined> => {
  for (const root of source.roots) {
    const repomd = await readRepomd(root, source, fetch, say)
    if (!repomd || isReplay('repomd', repomd.timeMs, before, say)) continue
    const collected = newCollected()
    if (!(await readPrimary(root, repomd, fetch, say, collect(collected)))) continue
    // One key signs many repositories: a mirror is what has this very index.
    const isMirror: Reading['isMirror'] = async (other, tell) =>
      (await readRepomd(other, source, fetch, tell))?.sha256 === repomd.sha256
    const { fingerprint } = repomd
    return { collected, timesMs: { repomd: repomd.timeMs }, fingerprint, isMirror }
  }
  return undefined
}

const mirrorOf = (root: string): string => mirrorText(parseMirror(root))

/** A root that was only seen owes nobody an index. */
const silent: Say = () => undefined

const placesOf = async (
  source: SignedSource,
  before: ManifestRepository | undefined,
  isMirror: Reading['isMirror'],
  { seenRoots = [], say }: IndexRun,
): Promise<ManifestPlace[]> => {
  const places = new Map<string, ManifestPlace>(
    (before?.places ?? []).map((place) => [place.mirror, place]),
  )
  for (const root of source.roots) {
    const mirror = mirrorOf(root)
    if (places.get(mirror)?.state !== 'out')
      places.set(mirror, { mirror, state: 'trusted', right: 0 })
  }
  for (const root of seenRoots) {
    const mirror = mirrorOf(root)
    if (places.has(mirror) || !(await isMirror(root, silent))) continue
    // Anyone can copy a signed index: what lies beside it is not proven by it.
    places.set(mirror, { mirror, state: 'probation', right: 0 })
    say('learnt', `${mirror} carries the index of ${source.name}; it is on probation`)
  }
  return [...places.values()]
}

const writeBeside = (folder: string, name: string, bytes: string | Uint8Array): void => {
  writeFileSync(join(folder, `${name}.new`), bytes)
  renameSync(join(folder, `${name}.new`), join(folder, name))
}

/** Writes the manifest so that a helper sees the old one or the new one, never half. */
export const writeManifest = (folder: string, manifest: Manifest): void => {
  mkdirSync(folder, { recursive: true })
  writeBeside(folder, MANIFEST_FILE, `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Reads the indexes of all sources once; what cannot be read stays as it was. */
export const indexOnce = async (run: IndexRun): Promise<Manifest> => {
  const { sources, folder, say, before = EMPTY_MANIFEST } = run
  mkdirSync(folder, { recursive: true })
  const repositories: ManifestRepository[] = []
  for (const source of sources) {
    const { name } = source
    const old = before.repositories.find((each) => each.name === name)
    const read = source.kind === 'deb' ? readDebSource : readRpmSource
    const reading = await read(source, old, run)
    if (!reading) {
      if (old) repositories.push(old)
      continue
    }
    const { collected, timesMs, fingerprint, isMirror } = reading
    const places = await placesOf(source, old, isMirror, run)
    // A name of its own, so that a helper which has the old manifest finds the old tables.
    const stamp = `${name}.${run.nowMs.toString(36)}`
    const [table, sizes] = [`${stamp}.sha256`, `${stamp}.size`]
    writeBeside(folder, table, collected.table.write())
    writeBeside(folder, sizes, collected.sizes.write())
    const conflicts = collected.table.conflicts()
    if (conflicts > 0)
      say(
        'conflict',
        `${name}: ${conflicts} paths have two hashes in one repository, and get no key`,
      )
    repositories.push({
      name,
      grade: fingerprint === undefined ? 'tls' : 'signed',
      ...(fingerprint !== undefined && { signedBy: fingerprint }),
      timesMs: { ...old?.timesMs, ...timesMs },
      table,
      sizes,
      entries: collected.entries,
      places,
    })
  }
  const manifest: Manifest = { version: 1, repositories }
  writeManifest(folder, manifest)
  return manifest
}

/** Where clients have found an index: what stands before `dists/` and `repodata/`. */
export const rootsSeen = (urls: Iterable<string>): string[] => {
  const roots = new Set<string>()
  for (const url of urls) {
    const found =
      /^(http:\/\/[^?#]+?)\/(?:dists\/[^?#]+\/(?:InRelease|Release)|repodata\/repomd\.xml)$/.exec(
        url,
      )
    if (found && roots.size < MAX_SEEN_ROOTS) roots.add(found[1]!)
  }
  return [...roots]
}

/** Each is asked for its index: a log full of made-up hosts must not keep the indexer busy for ever. */
const MAX_SEEN_ROOTS = 200
