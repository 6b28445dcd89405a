import { isHit, isWhole, parseLogLine } from '../operate/access-log.ts'
import type { VerifiedEngine } from './engine.ts'
import type { Fetch } from './fetch.ts'
import { PROBATION_FILES, type Manifest, type ManifestPlace } from './manifest.ts'
import type { Table } from './table.ts'
import { sha256Of } from './unpack.ts'

/** A copy that is not what its index names. */
export interface Spoilt {
  readonly url: string
  readonly why: 'size' | 'hash'
  /** Whether the cache has dropped it. */
  readonly purged: boolean
}

/** What a check of the log's fresh answers found. */
export interface Checked {
  readonly right: number
  /** Files that the cache has no more. */
  readonly gone: number
  readonly spoilt: readonly Spoilt[]
  /** The manifest with what was learnt of mirrors on probation. */
  readonly manifest: Manifest
}

/** So many files are hashed in one run; the next run goes on. */
const MAX_HASHED = 2000

const MAX_FILE_BYTES = 2 * 1024 * 1024 * 1024

/**
 * Holds what the cache has just fetched against the indexes: the size by its log line, the hash by reading it back from
 * the cache and nowhere else. A key says what bytes should be, not what they are: this is the only thing that knows.
 */
export const checkFetched = async (
  engine: VerifiedEngine,
  sizes: readonly Table[],
  lines: Iterable<string>,
  fetch: Fetch,
  manifest: Manifest,
): Promise<Checked> => {
  const spoilt: Spoilt[] = []
  const places = new Map<string, ManifestPlace>()
  const done = new Set<string>()
  let right = 0
  let gone = 0
  const judge = (name: string, mirror: string, isRight: boolean): void => {
    const id = `${name} ${mirror}`
    const old =
      places.get(id) ??
      manifest.repositories
        .find((each) => each.name === name)
        ?.places.find((each) => each.mirror === mirror)
    if (!old) return
    const count = old.right + (isRight ? 1 : 0)
    const state = !isRight
      ? 'out'
      : old.state === 'probation' && count >= PROBATION_FILES
        ? 'trusted'
        : old.state
    places.set(id, { ...old, right: count, state })
  }
  for (const line of lines) {
    const entry = parseLogLine(line)
    if (!entry || entry.method !== 'GET' || !isWhole(entry) || isHit(entry)) continue
    const { url, bytes, headerBytes } = entry
    const match = done.has(url) ? undefined : engine.find(url)
    if (!match || match.state === 'out') continue
    if (done.size >= MAX_HASHED) break
    done.add(url)
    const { about } = match.repository
    const table = sizes[engine.repositories.indexOf(match.repository)]!
    const at = table.find(match.path, 0, match.path.length)
    const size =
      at < 0
        ? undefined
        : Number(new DataView(table.bytes.buffer, table.bytes.byteOffset).getBigUint64(at, true))
    let why: Spoilt['why'] | undefined
    if (size !== undefined && headerBytes !== undefined && bytes - headerBytes !== size)
      why = 'size'
    else {
      // What is asked for again before each use is there all the same; the origin is not asked.
      const headers = { 'cache-control': 'only-if-cached, max-stale=31536000' }
      const answer = await fetch(url, { headers, maxBytes: MAX_FILE_BYTES })
      // It is gone from the cache, so it harms nobody.
      if (answer.status !== 200) {
        gone++
        continue
      }
      if (sha256Of(answer.bytes) !== match.sha256) why = 'hash'
    }
    judge(about.name, match.mirror, why === undefined)
    if (why === undefined) right++
    else {
      const { status } = await fetch(url, { method: 'PURGE' })
      spoilt.push({ url, why, purged: status === 200 || status === 404 })
    }
  }
  const repositories = manifest.repositories.map((repository) => ({
    ...repository,
    places: repository.places.map(
      (place) => places.get(`${repository.name} ${place.mirror}`) ?? place,
    ),
  }))
  return { right, gone, spoilt, manifest: { ...manifest, repositories } }
}
