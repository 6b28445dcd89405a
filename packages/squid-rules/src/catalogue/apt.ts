import type { Provenance, Rule } from './model.ts'

const POLICY = 'https://wiki.debian.org/DebianRepository/Format'
const SOLID = 'apt-cacher-ng src/acfg_defaults.cc, PfilePattern'
const VOLATILE = 'apt-cacher-ng src/acfg_defaults.cc, VfilePattern'
const SNAPSHOT = 'https://snapshot.debian.org/ (archive/NAME/TIMESTAMP/)'

/** What changes under its name in every archive in Debian's format. */
export const APT_INDEX: readonly Rule[] = [
  {
    id: 'release',
    class: 'mutable',
    path: '<dir:path>/<file:InRelease|Release|Release.gpg>',
    source: POLICY,
  },
  { id: 'index-diff', class: 'mutable', path: '<dir:path>/<index>.diff/<file>', source: VOLATILE },
  { id: 'packages', class: 'mutable', path: '<dir:path>/Packages<suffix>', source: VOLATILE },
  {
    id: 'packages-plain',
    class: 'mutable',
    path: '<dir:path>/<file:Packages|Sources|Contents|Index>',
    source: VOLATILE,
  },
  { id: 'sources', class: 'mutable', path: '<dir:path>/Sources<suffix>', source: VOLATILE },
  { id: 'contents', class: 'mutable', path: '<dir:path>/Contents-<suffix>', source: VOLATILE },
  {
    id: 'translation',
    class: 'mutable',
    path: '<dir:path>/Translation-<suffix>',
    source: VOLATILE,
  },
  { id: 'commands', class: 'mutable', path: '<dir:path>/Commands-<suffix>', source: VOLATILE },
  { id: 'components', class: 'mutable', path: '<dir:path>/Components-<suffix>', source: VOLATILE },
  { id: 'icons', class: 'mutable', path: '<dir:path>/icons-<suffix>', source: VOLATILE },
  {
    id: 'installer-current',
    class: 'mutable',
    path: 'dists/<suite>/<area>/<installer>/current/<rest:path>',
    source: VOLATILE,
  },
  {
    id: 'installer-legacy',
    class: 'mutable',
    path: 'dists/<suite>/<area>/<installer>/current-<rest>/<file:path>',
    source: VOLATILE,
  },
]

const BY_HASH: readonly Rule[] = [
  {
    id: 'by-hash',
    class: 'hash',
    path: 'dists/<suite:path>/by-hash/SHA256/<hash:hex64>',
    key: 'sha256/<hash>',
    source: POLICY,
  },
  {
    id: 'by-hash-sha512',
    class: 'hash',
    path: 'dists/<suite:path>/by-hash/SHA512/<hash:hex128>',
    key: 'sha512/<hash>',
    source: POLICY,
  },
]

const poolRules = (pool: string): readonly Rule[] => [
  {
    id: `binary${pool === 'pool' ? '' : '-ports'}`,
    class: 'versioned',
    path: `${pool}/<dir:path>/<file><type:.deb|.udeb|.ddeb>`,
    source: SOLID,
  },
]

/** Every archive in Debian's format: files in `pool/` are never replaced, indexes are, by-hash copies are not. */
export const APT_RULES: readonly Rule[] = [
  ...APT_INDEX,
  ...BY_HASH,
  ...poolRules('pool'),
  {
    id: 'source',
    class: 'versioned',
    path: 'pool/<dir:path>/<file>.<type:dsc|diff.gz>',
    source: SOLID,
  },
  {
    id: 'tarball',
    class: 'versioned',
    path: 'pool/<dir:path>/<file>.tar.<type:gz|xz|bz2|lzma|zst>',
    source: SOLID,
  },
  {
    id: 'tarball-signature',
    class: 'versioned',
    path: 'pool/<dir:path>/<file>.tar.<type:gz|xz|bz2|lzma|zst>.asc',
    source: 'https://manpages.debian.org/unstable/dpkg-dev/dpkg-source.1.en.html',
  },
  {
    // A dated build such as 20230607+deb12u5; its sibling `current/` is a link that moves.
    id: 'installer-dated',
    class: 'versioned',
    path: 'dists/<suite>/<area>/installer-<arch>/2<build>/images/<file:path>',
    source: SOLID,
  },
]

/** Architectures that are not in the main archive have pools of their own: `pool-riscv64/`. */
export const PORTS_RULES: readonly Rule[] = [...APT_RULES, ...poolRules('pool-<port>')]

const STAMP = '20<stamp>Z'

/** The archive of an archive: the pool as it was at a time, and no file of it ever changes. */
export const SNAPSHOT_RULES: readonly Rule[] = [
  {
    id: 'snapshot-binary',
    class: 'versioned',
    path: `${STAMP}/pool/<dir:path>/<file><type:.deb|.udeb|.ddeb>`,
    key: 'pool/<dir>/<file><type>',
    sameAs: 'binary',
    source: SNAPSHOT,
  },
  {
    id: 'snapshot-source',
    class: 'versioned',
    path: `${STAMP}/pool/<dir:path>/<file>.<type:dsc|diff.gz>`,
    key: 'pool/<dir>/<file>.<type>',
    sameAs: 'source',
    source: SNAPSHOT,
  },
  {
    id: 'snapshot-tarball',
    class: 'versioned',
    path: `${STAMP}/pool/<dir:path>/<file>.tar.<type:gz|xz|bz2|lzma|zst>`,
    key: 'pool/<dir>/<file>.tar.<type>',
    sameAs: 'tarball',
    source: SNAPSHOT,
  },
]

/** Names that say by themselves that they move. */
export const MOVING_WORDS: readonly string[] = ['-latest-', '-latest.', '/latest/']

/** One archive tool writes a name once; apt checks every byte against signed indexes. */
export const indexedDebs = (vendor: string, source: string): Provenance => ({
  madeBy: `${vendor}'s archive, which takes an upload once`,
  changedBy: `${vendor} alone: the archive refuses a second file of one name and version`,
  verifiedBy: 'apt: the SHA256 of a Packages file that a signed Release names',
  source,
})

/** What a list of mirrors names for an archive: the prefix itself, or one of its suites. */
export const APT_ROOTS: readonly string[] = ['dists/<suite>', 'dists', 'pool']
