import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { unpackedAt } from '../../../../scripts/debian.mjs'
import type { SquidVersion } from '../../src/options/squid-versions.ts'

/** Squid with which TLS library: Debian has a package of each. */
export type Build = 'gnutls' | 'openssl'

/** One Squid: how its programs are called, and what its people would write as `cache.version`. */
export interface Release {
  readonly version: SquidVersion
  /** The words that its arguments follow; to be run in a mount namespace of their own. */
  readonly command: (build: Build) => readonly string[]
  /** Squid's own StoreID helper; a Perl script, which the host's Perl can run too. */
  readonly stockHelper: string
}

/** The packages of each that are not installed, by their names in scripts/debian/table.mjs. */
const NEWER: Readonly<Record<string, Readonly<Record<Build, string>>>> = {
  '6': { gnutls: 'squid6', openssl: 'squidOpenssl6' },
  '7': { gnutls: 'squid7', openssl: 'squidOpenssl7' },
}

/**
 * Lays the `/usr` of an unpacked release, `$1`, over this host's, in a mount namespace: Squid starts itself again by its
 * own name, so that it cannot be run through another loader, and its packages alone have no shell. What the host has
 * runs with the newer libraries.
 */
const WITH_NEWER_USR = `mount -t overlay overlay -o "lowerdir=$1/usr:/usr" /usr && shift && exec "$@"`

const newer = (version: '6' | '7'): Release => {
  const names = NEWER[version]!
  return {
    version,
    // Debian links `squid` to the chosen build when it installs.
    command: (build) => [
      'sh',
      '-c',
      WITH_NEWER_USR,
      'sh',
      unpackedAt(names[build]),
      `/usr/sbin/squid-${build}`,
    ],
    stockHelper: join(unpackedAt(names.gnutls), 'usr/lib/squid/storeid_file_rewrite'),
  }
}

/** The host's own, Debian 12's; OpenSSL's build of it conflicts with the other and is unpacked. */
const INSTALLED: Release = {
  version: '5',
  command: (build) => [
    build === 'gnutls' ? 'squid' : join(unpackedAt('squidOpenssl'), 'usr/sbin/squid'),
  ],
  stockHelper: '/usr/lib/squid/storeid_file_rewrite',
}

/** `BOOTWIRE_SQUID=6` or `7` runs the system tests on that one (`npm run prove -- squid-rules versions`). */
const chosen = (): Release => {
  const wanted = process.env['BOOTWIRE_SQUID'] ?? ''
  if (wanted === '') return INSTALLED
  if (wanted !== '6' && wanted !== '7')
    throw new Error(`BOOTWIRE_SQUID is "${wanted}"; it can be 6 or 7`)
  const release = newer(wanted)
  if (!existsSync(release.stockHelper))
    throw new Error(`Squid ${wanted} is not unpacked; "npm run prove -- squid-rules versions" does`)
  return release
}

export const RELEASE: Release = chosen()

/** The packages that a proof on this version needs. */
export const packagesOf = (version: string): readonly string[] => Object.values(NEWER[version]!)
