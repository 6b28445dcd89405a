import { hostname, networkInterfaces } from 'node:os'
import { resolve } from 'node:path'

import type { CacheOptions, Options } from '../options/options.ts'
import { squidBuild, tlsSentence } from './squid-build.ts'

/** The addresses of this host that are not near anyhow: a cache must not be asked to fetch from itself. */
const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).flatMap(({ address, internal, scopeid }) =>
      internal || (scopeid ?? 0) > 0 ? [] : [address],
    ),
  )

/**
 * What this host knows and the rules leave open: its name, its addresses, which are never fetched from, the folder of the
 * files, and what its Squid can do with https origins. Runs `squid -v` where there are such.
 *
 * @param folder - where the files will lie
 * @param warn - told what its Squid can do, a line at a time
 */
export const forThisHost = (
  options: Options,
  folder: string,
  warn: (line: string) => void,
): Options => {
  const { cache = {} } = options
  const wantsTls =
    cache.sites?.some(({ origin }) => origin.startsWith('https://')) === true ||
    Object.values(options.origins ?? {}).some((origin) => origin.startsWith('https://'))
  const build = wantsTls && cache.tls === undefined ? squidBuild() : undefined
  if (build) warn(tlsSentence(build))
  const never = cache.never ?? ownAddresses()
  const isWhole = cache.form !== 'snippet'
  const more: CacheOptions = {
    directory: resolve(folder),
    ...(isWhole && { host: hostname().toLowerCase() }),
    ...(build && { tls: build.tls }),
  }
  return { ...options, cache: { ...more, ...cache, ...(never.length > 0 && { never }) } }
}
