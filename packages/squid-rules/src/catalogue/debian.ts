import type { Repository, Rule } from './model.ts'

const POLICY = 'https://wiki.debian.org/DebianRepository/Format'
const SOLID = 'apt-cacher-ng src/acfg_defaults.cc, PfilePattern'
const VOLATILE = 'apt-cacher-ng src/acfg_defaults.cc, VfilePattern'

/** Every archive in Debian's format: files in `pool/` are never replaced, indexes are, by-hash copies are not. */
export const APT_RULES: readonly Rule[] = [
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
  {
    id: 'binary',
    class: 'versioned',
    path: 'pool/<dir:path>/<file><type:.deb|.udeb|.ddeb>',
    source: SOLID,
  },
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

/** Names that say by themselves that they move. */
export const MOVING_WORDS: readonly string[] = ['-latest-', '-latest.', '/latest/']

export const debian: Repository = {
  name: 'debian',
  signing: 'indexed',
  mirrors: ['*.debian.org/debian'],
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}

/** A pool of its own: the same names may come with other bytes before they reach the main archive. */
export const debianSecurity: Repository = {
  name: 'debian-security',
  signing: 'indexed',
  mirrors: ['*.debian.org/debian-security', 'security.debian.org/'],
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}

/** Unofficial architectures: `_all.deb` names equal Debian's, and are built again. */
export const debianPorts: Repository = {
  name: 'debian-ports',
  signing: 'indexed',
  mirrors: ['*.debian.org/debian-ports'],
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}

/** The archive that backports had of its own before they moved into Debian's. */
export const debianBackports: Repository = {
  name: 'debian-backports',
  signing: 'indexed',
  mirrors: ['*.debian.org/debian-backports'],
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}
