import type { IndexEntry } from './deb.ts'
import { MAX_INDEX_BYTES, type Fetch } from './fetch.ts'
import { verifySignature } from './gpgv.ts'
import { createPrimaryReader, parseRepomd, type Repomd } from './rpm.ts'
import type { Say, SignedSource } from './source.ts'
import { sha256Of, unpack } from './unpack.ts'

/** repomd.xml, once it is known to be the vendor's. */
export interface KnownRepomd extends Repomd {
  readonly sha256: string
  readonly fingerprint: string | undefined
}

const REPOMD_BYTES = 1024 * 1024

/** Fetches repomd.xml and its signature; both again where they are of two generations. */
export const readRepomd = async (
  root: string,
  source: SignedSource,
  fetch: Fetch,
  say: Say,
): Promise<KnownRepomd | undefined> => {
  const url = `${root}/repodata/repomd.xml`
  // A cache may have kept the one longer than the other.
  for (const headers of [{}, { 'cache-control': 'no-cache' }]) {
    const file = await fetch(url, { maxBytes: REPOMD_BYTES, headers })
    if (file.status !== 200) break
    let fingerprint: string | undefined
    if (source.keyring !== undefined) {
      const detached = await fetch(`${url}.asc`, { maxBytes: REPOMD_BYTES, headers })
      if (detached.status !== 200) {
        say('not-verified', `${url}: it is not signed (${detached.status} for repomd.xml.asc)`)
        return undefined
      }
      const verdict = verifySignature(file.bytes, source.keyring, {
        detached: detached.bytes,
        ...(source.fingerprints && { fingerprints: source.fingerprints }),
      })
      if (!verdict.ok) {
        if ('cache-control' in headers) say('not-verified', `${url}: ${verdict.why}`)
        continue
      }
      fingerprint = verdict.fingerprint
    } else if (!root.startsWith('https://')) {
      say(
        'not-verified',
        `${url}: it came by http and nobody signed it; name a keyring, or a root by https`,
      )
      return undefined
    }
    const repomd = parseRepomd(file.bytes.toString('latin1'))
    if (!repomd) break
    return { ...repomd, sha256: sha256Of(file.bytes), fingerprint }
  }
  say('not-verified', `${url}: there is no index that can be used`)
  return undefined
}

/** Reads the list of packages that repomd.xml names. */
export const readPrimary = async (
  root: string,
  repomd: Repomd,
  fetch: Fetch,
  say: Say,
  take: (entry: IndexEntry) => void,
): Promise<boolean> => {
  const primary = repomd.files.find(({ type }) => type === 'primary')
  if (!primary) {
    say('not-verified', `${root}: repomd.xml names no primary by SHA-256`)
    return false
  }
  const { path, bytes, openBytes, sha256 } = primary
  if ((bytes ?? 0) > MAX_INDEX_BYTES) {
    say('not-verified', `${root}/${path}: ${bytes} bytes are more than ${MAX_INDEX_BYTES}`)
    return false
  }
  const answer = await fetch(`${root}/${path}`)
  if (answer.status !== 200 || sha256Of(answer.bytes) !== sha256) {
    say('missing', `${root}/${path}: not there with the hash that repomd.xml names`)
    return false
  }
  // Whatever repomd.xml names is itself covered by its hash.
  for (const { path: named, sha256: hash, bytes: size } of repomd.files)
    if (size !== undefined) take({ path: named, bytes: size, sha256: hash })
  const reader = createPrimaryReader(take, (why, what) =>
    say('dropped', `${root}: ${why}: ${what}`),
  )
  const failed = await unpack(path, answer.bytes, openBytes, reader.push)
  if (failed !== undefined) say('not-verified', `${root}/${path}: ${failed}`)
  return failed === undefined
}
