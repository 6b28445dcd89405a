import { spawnSync } from 'node:child_process'

import type { CacheOptions } from '../options/options.ts'

/** What `squid -v` tells of the Squid on this host. */
export interface SquidBuild {
  readonly version: string
  readonly tls: NonNullable<CacheOptions['tls']>
}

/** Reads what `squid -v` prints. */
export const parseBuild = (text: string): SquidBuild | undefined => {
  const version = /Squid Cache: Version (\S+)/.exec(text)?.[1]
  if (version === undefined) return undefined
  const tls = /--with-openssl|linked against OpenSSL/i.test(text)
    ? 'openssl'
    : /--with-gnutls/.test(text)
      ? 'gnutls'
      : 'none'
  return { version, tls }
}

/** The Squid on this host; undefined where there is none. */
export const squidBuild = (program = 'squid'): SquidBuild | undefined => {
  const { stdout, error } = spawnSync(program, ['-v'], { encoding: 'utf8', timeout: 10_000 })
  return error ? undefined : parseBuild(stdout)
}

/** What this build can do with `https` origins, in a sentence. */
export const tlsSentence = ({ version, tls }: SquidBuild): string =>
  tls === 'openssl'
    ? `Squid ${version} was built with OpenSSL: it fetches https origins and checks their certificates`
    : `Squid ${version} was built ${tls === 'none' ? 'without TLS' : 'with GnuTLS'}: it cannot fetch https origins; on Debian: apt install squid-openssl`
