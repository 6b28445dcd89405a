import type { CacheOptions } from './options.ts'

export type SquidVersion = NonNullable<CacheOptions['version']>

/** What differs between Squids in the directives that we write; read in the source of each branch. */
export interface VersionFacts {
  /** `queue-size=` and `on-persistent-overload=` of helper children: from 4.0.14. */
  readonly overload: boolean
  /** The word for TLS to a `cache_peer`. */
  readonly peerTls: 'ssl' | 'tls'
  /** `url_rewrite_timeout`: from 4. */
  readonly rewriteTimeout: boolean
  /** Whether a generated configuration was run on it here. */
  readonly wasRun: boolean
}

export const VERSIONS: Readonly<Record<SquidVersion, VersionFacts>> = {
  '3.5': { overload: false, peerTls: 'ssl', rewriteTimeout: false, wasRun: false },
  '4': { overload: true, peerTls: 'tls', rewriteTimeout: true, wasRun: false },
  '5': { overload: true, peerTls: 'tls', rewriteTimeout: true, wasRun: true },
  '6': { overload: true, peerTls: 'tls', rewriteTimeout: true, wasRun: true },
  '7': { overload: true, peerTls: 'tls', rewriteTimeout: true, wasRun: true },
}

/** Options of `refresh_pattern` that Squid 3.2 to 7 no longer knows: it warns and ignores them. */
export const OBSOLETE_REFRESH: readonly string[] = [
  'ignore-no-cache',
  'ignore-auth',
  'ignore-must-revalidate',
]

/** Directives that are gone, and since when. */
export const OBSOLETE_DIRECTIVES: Readonly<Record<string, string>> = {
  storeurl_rewrite_program: 'was of Squid 2.7; now store_id_program',
  storeurl_access: 'was of Squid 2.7; now store_id_access',
  redirect_program: 'is url_rewrite_program since 2.6',
  hierarchy_stoplist: 'was removed in 3.5',
  url_rewrite_concurrency: 'is concurrency= of url_rewrite_children since 3.2',
  refresh_stale_hit: 'was removed in 3.0; now collapsed_forwarding',
  ident_lookup_access: 'was removed in 7',
  ident_timeout: 'was removed in 7',
}
