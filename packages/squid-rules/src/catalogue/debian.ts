import {
  APT_ROOTS,
  APT_RULES,
  indexedDebs,
  MOVING_WORDS,
  PORTS_RULES,
  SNAPSHOT_RULES,
} from './apt.ts'
import type { Repository } from './model.ts'

const BYTES = indexedDebs(
  'Debian',
  'https://www.debian.org/doc/debian-policy/ch-controlfields.html#version; 294,420 paths of five suites: none with two hashes',
)

export const debian: Repository = {
  name: 'debian',
  masterlistField: 'Archive-http',
  signing: 'indexed',
  bytes: BYTES,
  mirrors: [
    '*.debian.org/debian',
    'snapshot.debian.org/archive/debian',
    'http.debian.net/debian',
    'cdn.debian.net/debian',
    'cloudfront.debian.net/debian',
  ],
  canonical: { mirror: 'http://ftp.debian.org/debian', spelling: 'apt' },
  knownAs: ['debian'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: [...APT_RULES, ...SNAPSHOT_RULES],
}

/** A pool of its own: the same names may come with other bytes before they reach the main archive. */
export const debianSecurity: Repository = {
  name: 'debian-security',
  masterlistField: 'Security-http',
  signing: 'indexed',
  bytes: BYTES,
  mirrors: [
    '*.debian.org/debian-security',
    'security.debian.org/',
    'snapshot.debian.org/archive/debian-security',
    'cloudfront.debian.net/debian-security',
  ],
  canonical: { mirror: 'http://ftp.debian.org/debian-security', spelling: 'apt' },
  knownAs: ['debian-security'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: [...APT_RULES, ...SNAPSHOT_RULES],
}

/** Debug symbols, which have an archive of their own. */
export const debianDebug: Repository = {
  name: 'debian-debug',
  signing: 'indexed',
  bytes: BYTES,
  mirrors: ['*.debian.org/debian-debug', 'snapshot.debian.org/archive/debian-debug'],
  canonical: { mirror: 'http://ftp.debian.org/debian-debug', spelling: 'apt' },
  knownAs: ['debian-debug'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: [...APT_RULES, ...SNAPSHOT_RULES],
}

/** Unofficial architectures: `_all.deb` names equal Debian's, and are built again. */
export const debianPorts: Repository = {
  name: 'debian-ports',
  masterlistField: 'Ports-http',
  signing: 'indexed',
  bytes: BYTES,
  mirrors: [
    '*.debian.org/debian-ports',
    'ftp.ports.debian.org/debian',
    'snapshot.debian.org/archive/debian-ports',
  ],
  knownAs: ['debian-ports'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: PORTS_RULES,
}

/** The archive that backports had of its own before they moved into Debian's. */
export const debianBackports: Repository = {
  name: 'debian-backports',
  signing: 'indexed',
  bytes: BYTES,
  mirrors: ['*.debian.org/debian-backports'],
  knownAs: ['debian-backports'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}

/** Installation images: a version has a folder of its own, `current/` is a link to the newest. */
export const debianCd: Repository = {
  name: 'debian-cd',
  signing: 'indexed',
  bytes: {
    madeBy: "Debian's images team",
    changedBy: 'nobody after the release: a new image takes a new version',
    verifiedBy: 'people: SHA512SUMS and its signature',
    source: 'https://www.debian.org/CD/verify',
  },
  mirrors: [
    'cdimage.debian.org/debian-cd',
    'cdimage.debian.org/cdimage/release',
    'cdimage.debian.org/cdimage/archive',
    'cdimage.debian.org/mirror/cdimage/archive',
  ],
  knownAs: ['debian-cd'],
  rules: [
    {
      id: 'current',
      class: 'mutable',
      path: 'current<which>/<rest:path>',
      source: 'https://cdimage.debian.org/debian-cd/ (directory listing)',
    },
    {
      id: 'image',
      class: 'versioned',
      path: '<release:version>/<arch>/<kind>/debian-<file>.<type:iso|template|jigdo>',
      source: 'https://cdimage.debian.org/cdimage/archive/ (directory listing)',
    },
    {
      id: 'live',
      class: 'versioned',
      path: '<release>-live/<arch>/<kind>/debian-live-<file>.iso',
      source: 'https://cdimage.debian.org/cdimage/archive/ (directory listing)',
    },
  ],
}
