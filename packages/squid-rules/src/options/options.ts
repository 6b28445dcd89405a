import type { FileClass } from '../catalogue/model.ts'
import type { SignedSource } from '../verified/source.ts'

/** One kind of file of a repository of your own. */
export interface OwnRule {
  /** Unique within the repository. */
  readonly id: string
  readonly class: FileClass
  /** Pattern of the path below the mirror's prefix. */
  readonly path: string
  /** Template of the key. Default: the whole path. */
  readonly key?: string
  /** The rule whose keys this one shares on purpose. */
  readonly sameAs?: string
}

/** A repository of your own, beside those of the catalogue. */
export interface OwnRepository {
  /** Lower-case letters, digits and hyphens; unique, and not one of the catalogue. */
  readonly name: string
  /** `host/prefix`, `host:port/prefix` or `*.domain/prefix`. */
  readonly mirrors: readonly string[]
  /** A known layout, whose rules are used. */
  readonly layout?: string
  /** Rules beside or instead of those of `layout`. */
  readonly rules?: readonly OwnRule[]
  /** How clients check the bytes. Default: `unsigned`. */
  readonly signing?: string
  /** A path that holds one of these is mutable. Default: those of `layout`. */
  readonly mutableWords?: readonly string[]
}

/** Which URLs share a key: what `bootwire-squid`, `generate` and the server's `squid:` key take. */
export interface RulesOptions {
  /**
   * - `path`: one key for all listed mirrors of a repository. The first answer is served to all: a mirror that
   *   sends wrong bytes spoils the file for every client until it is fetched again.
   * - `pinned`: every request for a listed mirror is fetched from one origin that you trust; no other mirror can
   *   put a byte into the cache.
   * - `verified`: keys are the hashes of signed indexes, which `bootwire-squid index` reads.
   *
   * Default: `path`.
   */
  readonly mode?: 'path' | 'pinned' | 'verified'
  /** Names of the catalogue to use, or `all` for what is optional too. Default: all that is not optional. */
  readonly use?: readonly string[]
  /** More mirrors for repositories of the catalogue, by name. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>
  /** Whether to trust the list of public mirrors that comes with this package too. Default: false. */
  readonly snapshot?: boolean
  /** Repositories of your own. */
  readonly repositories?: readonly OwnRepository[]
  /**
   * `path`: the mirror of a repository whose URLs are the keys, `http://host/prefix`: clients that are set to it cost
   * nothing. False keeps internal names as keys. Default: the distribution's own host.
   */
  readonly canonical?: false | Readonly<Record<string, string>>
  /** `verified`: the repositories whose signed indexes are read. */
  readonly signed?: readonly SignedSource[]
  /** `verified`: the folder that `bootwire-squid index` writes. Default: `/var/lib/bootwire-squid`. */
  readonly indexes?: string
  /** `pinned`: the origin of each repository, `http://host/prefix`. */
  readonly origins?: Readonly<Record<string, string>>
}

/** A host name of your own under which Squid serves one repository without being set as a proxy. */
export interface Site {
  /** The name that clients put in their package sources: `debian.cache.lan`. */
  readonly host: string
  /** A repository of the catalogue or of your own. */
  readonly repository: string
  /** Where Squid fetches it: `http://mirror.example/debian`. Clients use the same path behind `host`. */
  readonly origin: string
  /** False for an `https` origin whose certificate is not looked at; `accept` must name `unverified-origin` too. */
  readonly verify?: boolean
}

/** Another Squid with the same rules, asked by ICP before a file is fetched. */
export interface Sibling {
  readonly host: string
  /** Default: 3128. */
  readonly httpPort?: number
  /** Default: 3130. */
  readonly icpPort?: number
}

/** What `squid.conf` says beside the rules. */
export interface CacheOptions {
  /** The Squid it is for. Default: `5`. */
  readonly version?: '3.5' | '4' | '5' | '6' | '7'
  /** A whole `squid.conf`, or a snippet to include in one that has its own ports and cache. Default: `whole`. */
  readonly form?: 'whole' | 'snippet'
  /** The name by which clients reach it, also Squid's `visible_hostname`. Default: `cache.example`, to be replaced. */
  readonly host?: string
  /**
   * - `open`: clients may fetch anything but what is near the cache; only known mirrors get keys.
   * - `strict`: clients may fetch from known mirrors, their lists of mirrors and `alsoAllow`, nothing else.
   *
   * Default: `open`.
   */
  readonly access?: 'open' | 'strict'
  /** Networks that are never fetched from, beside loopback and link-local: the cache's own addresses, an admin door. */
  readonly never?: readonly string[]
  /** The TLS library that Squid was built with, as `squid -v` says. Default: not known. */
  readonly tls?: 'openssl' | 'gnutls' | 'none'
  /** Certificates that `https` origins are checked against. Default: the system's. */
  readonly tlsCaFile?: string
  /** How clients reach it. Default: `forward`. */
  readonly proxy?: 'forward' | 'accelerator' | 'both'
  /** Which helper gives the keys. Default: `bootwire`. */
  readonly helper?: 'bootwire' | 'stock'
  /** The helper's program. Default: `/usr/local/bin/bootwire-squid`, or Debian's path of the stock helper. */
  readonly program?: string
  /** Where the generated files will lie. Default: `/etc/squid/bootwire`. */
  readonly directory?: string
  /** Port of the forward proxy. Default: 3128. */
  readonly port?: number
  /** Port of the accelerator. Default: 80. */
  readonly sitePort?: number
  readonly sites?: readonly Site[]
  /** Networks that may use the cache, as addresses or CIDR. Default: the cache host and what Debian calls `localnet`. */
  readonly clients?: readonly string[]
  /** `strict`: hosts that may be reached though no repository has them, without keys: `updates.example`, `*.example`. */
  readonly alsoAllow?: readonly string[]
  /** How files are kept: `aufs` with one worker, `rock` with any, or in memory only. Default: by `workers`. */
  readonly storage?: 'aufs' | 'rock' | 'memory'
  /** Default: `/var/spool/squid`. */
  readonly cacheDirectory?: string
  /** Default: `/var/log/squid`. */
  readonly logDirectory?: string
  /** Default: `/run/squid.pid`. */
  readonly pidFile?: string
  /** Megabytes of disk. Default: 50,000. */
  readonly diskMegabytes?: number
  /** Megabytes of memory for objects. Default: 512. */
  readonly memoryMegabytes?: number
  /** Largest file that is kept, megabytes. Default: 8,192. */
  readonly largestMegabytes?: number
  /** Squid's own processes. Default: 1. */
  readonly workers?: number
  /** Helper processes for each worker. Default: 2. */
  readonly helpers?: number
  /** Days before a versioned file is asked for again. Default: 90. */
  readonly freshDays?: number
  readonly siblings?: readonly Sibling[]
  /** Lines of your own, put at the end but before the last `deny all`. */
  readonly extra?: readonly string[]
  /** What is refused unless it is named here too: told twice. */
  readonly accept?: readonly ('allow-all' | 'ignore-reload' | 'obsolete' | 'unverified-origin')[]
}

/** Everything that `generate` takes: the server's `squid:` key. */
export interface Options extends RulesOptions {
  readonly cache?: CacheOptions
}
