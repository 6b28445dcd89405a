import type { Random } from './random.ts'

/** One file of the world: what its bytes depend on, and under which names it can be fetched. */
export interface CorpusFile {
  /**
   * All that makes the bytes: vendor, repository, signing state, architecture, build. Two files with the same text
   * are the same bytes. The text takes the place of a content hash.
   */
  readonly bytes: string
  readonly size: number
  /** Paths below the mirror's base; more than one where the archive has links. */
  readonly paths: readonly string[]
  /** The name stays while the bytes change: mirrors that lag have the bytes of before. */
  readonly moves?: boolean
}

/** One archive with its mirrors, as real ones lay it out. */
export interface Archive {
  readonly name: string
  readonly bases: readonly string[]
  readonly files: (random: Random, number: number) => readonly CorpusFile[]
}

/** A URL and the hash of what it serves. */
export interface Pair {
  readonly url: string
  readonly hash: string
  readonly size: number
  readonly moves: boolean
}

const WORDS =
  'acl bash curl dbus expat fuse git heimdal icu jemalloc krb5 libpng mesa ncurses openssl perl qt5 rpm sed tar unzip vim wget xz yelp zlib gtk+3.0 libstdc++ python3-pip texlive-base kernel-core'.split(
    ' ',
  )

export const packageName = (random: Random, number: number): string =>
  `${random.pick(WORDS)}${number % 4 === 0 ? '-devel' : ''}-p${number}`

export const version = (random: Random): string =>
  `${random.below(9)}.${random.below(30)}.${random.below(12)}${random.pick(['', '', '', '~rc1', '+git2024', '^20240101git'])}`

export const sizeOf = (random: Random): number =>
  2000 + random.below(20) * random.below(20) * 10_000
