import type { FileClass } from '../catalogue/model.ts'

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
   *
   * Default: `path`.
   */
  readonly mode?: 'path' | 'pinned'
  /** Names of the catalogue to use. Default: all. */
  readonly use?: readonly string[]
  /** More mirrors for repositories of the catalogue, by name. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>
  /** Whether to use the mirrors that come with this package. Default: true. */
  readonly snapshot?: boolean
  /** Repositories of your own. */
  readonly repositories?: readonly OwnRepository[]
  /** `pinned`: the origin of each repository, `http://host/prefix`. */
  readonly origins?: Readonly<Record<string, string>>
}
