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

/** Why two mirrors of one repository hold the same bytes under one path. */
export interface Provenance {
  /** Who makes the bytes. */
  readonly madeBy: string
  /** Who could change them under the same name, and what keeps them from it. */
  readonly changedBy: string
  /** What clients check before they use them. */
  readonly verifiedBy: string
  /** The public source of these answers. */
  readonly source: string
}

/** How the main client of a family writes `+ : @ ^ ~` in a URL; see `pattern/spelling.ts`. */
export type Spelling = 'apt' | 'dnf' | 'zypper' | 'plain'

/** Everything that one vendor publishes under one promise: its mirrors hold the same bytes under the same path. */
export interface Repository {
  /** Lower-case letters, digits and hyphens; becomes the key's host: `http://NAME.pkg.squid.internal/`. */
  readonly name: string
  /**
   * How clients check the bytes: `signed` (each file), `indexed` (hashes in a signed index), `unsigned`, or a word
   * of your own such as a signing key's name. Part of every key, so two states never share one.
   */
  readonly signing: string
  /** The answer to: who makes these bytes, who may change them, what do clients verify? */
  readonly bytes: Provenance
  /** Used only where `use` names it, or `all`. */
  readonly optional?: true
  /** `host/prefix`, `host:port/prefix`, or `*.domain/prefix` for a domain and everything below it. */
  readonly mirrors: readonly string[]
  /** The mirror whose URLs are the keys, and how clients write them there. Without one, keys are internal names. */
  readonly canonical?: { readonly mirror: string; readonly spelling: Spelling }
  /** Hosts that its clients ask for lists of mirrors. */
  readonly services?: readonly string[]
  /** Words in a host or prefix that tell this repository from others with the same layout. */
  readonly knownAs?: readonly string[]
  /** What a mirror list names behind the prefix: `<release:major>/<repo>/<arch>/os`. */
  readonly roots?: readonly string[]
  /** The field that holds its path in Debian's `Mirrors.masterlist`. */
  readonly masterlistField?: string
  /** What stands behind the prefix in pacman's `Server =`: `$repo/os/$arch`. */
  readonly pacmanServer?: string
  readonly rules: readonly Rule[]
  /** A path that holds one of these is mutable whatever else it is. */
  readonly mutableWords?: readonly string[]
}

/** The domain of internal keys. `refresh_pattern` sees it, and it is never looked up. */
export const KEY_DOMAIN = 'pkg.squid.internal'
