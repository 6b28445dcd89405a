/** A repository whose index is read: the key `signed` of the rules. */
export interface SignedSource {
  /** Letters, digits and hyphens. */
  readonly name: string
  readonly kind: 'deb' | 'rpm'
  /** `http://host/prefix` of mirrors that you trust; the first that has the index is read. */
  readonly roots: readonly string[]
  /** `deb`: suites such as `bookworm` or `bookworm-updates`. */
  readonly suites?: readonly string[]
  /** `deb`. Default: all that the suite lists. */
  readonly components?: readonly string[]
  /** `deb`. Default: all that the suite lists. */
  readonly architectures?: readonly string[]
  /** Binary key ring file. Needed for `deb`; without one an `rpm` index must come by https. */
  readonly keyring?: string
  /** Fingerprints of primary keys, to narrow the ring. */
  readonly fingerprints?: readonly string[]
}

/** What the indexer has to say. */
export const INDEX_NOTICES = [
  'not-verified',
  'missing',
  'replay',
  'expired',
  'dropped',
  'conflict',
  'learnt',
  'refused-mirror',
] as const

export type IndexNotice = (typeof INDEX_NOTICES)[number]

export type Say = (code: IndexNotice, message: string) => void
