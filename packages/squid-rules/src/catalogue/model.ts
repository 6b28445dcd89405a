/**
 * What a file is, by what its name promises. Precedence is the order here; a file that no rule names is unknown
 * and gets no key either.
 *
 * - `mutable`: the name stays, the bytes change. Never gets a key.
 * - `hash`: the name holds a hash of the bytes.
 * - `versioned`: the name holds a version and, within one repository and signing state, is never used again.
 */
export type FileClass = 'mutable' | 'hash' | 'versioned'

/** One kind of file of a repository: where it lies below a mirror's prefix, and the key it gets. */
export interface Rule {
  /** Unique within the repository; shown by `explain`. */
  readonly id: string
  readonly class: FileClass
  /** Pattern of the path: text, `<name>`, `<name:type>`, `*` and `**`; see `docs/catalogue.md`. */
  readonly path: string
  /** Template of the key: text and `<name>`. Default: the whole path. */
  readonly key?: string
  /** The rule whose keys this one shares on purpose: other names for the same files. */
  readonly sameAs?: string
  /** Where the fact comes from. */
  readonly source: string
}

/** Everything that one vendor publishes under one promise: its mirrors hold the same bytes under the same path. */
export interface Repository {
  /** Lower-case letters, digits and hyphens; becomes the key's host: `http://NAME.pkg.squid.internal/`. */
  readonly name: string
  /**
   * How clients check the bytes: `signed` (each file), `indexed` (hashes in a signed index), `unsigned`, or a word
   * of your own such as a signing key's name. Part of every key, so two states never share one.
   */
  readonly signing: string
  /** `host/prefix`, `host:port/prefix`, or `*.domain/prefix` for a domain and everything below it. */
  readonly mirrors: readonly string[]
  readonly rules: readonly Rule[]
  /** A path that holds one of these is mutable whatever else it is. */
  readonly mutableWords?: readonly string[]
}

/** The domain of every key. `refresh_pattern` sees it, and it is never looked up. */
export const KEY_DOMAIN = 'pkg.squid.internal'
