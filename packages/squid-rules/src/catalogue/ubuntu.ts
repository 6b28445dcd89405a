import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS, SNAPSHOT_RULES } from './apt.ts'
import type { Repository, Rule } from './model.ts'

const UPGRADER = 'apt-cacher-ng src/acfg_defaults.cc, VfilePattern (dist-upgrader, meta-release)'
const BYTES = indexedDebs('Ubuntu', 'https://help.launchpad.net/Packaging/UploadErrors')

const UBUNTU_RULES: readonly Rule[] = [
  {
    id: 'upgrader',
    class: 'mutable',
    path: 'dists/<suite>/<area>/<upgrader>/current/<file:path>',
    source: UPGRADER,
  },
  ...APT_RULES,
]

/** The main archive; security.ubuntu.com has the same pool, and old releases take theirs with them. */
export const ubuntu: Repository = {
  name: 'ubuntu',
  signing: 'indexed',
  bytes: BYTES,
  mirrors: [
    '*.archive.ubuntu.com/ubuntu',
    'security.ubuntu.com/ubuntu',
    'old-releases.ubuntu.com/ubuntu',
    'snapshot.ubuntu.com/ubuntu',
  ],
  canonical: { mirror: 'http://archive.ubuntu.com/ubuntu', spelling: 'apt' },
  services: ['mirrors.ubuntu.com', 'changelogs.ubuntu.com', 'ddebs.ubuntu.com', 'esm.ubuntu.com'],
  knownAs: ['ubuntu'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: [...UBUNTU_RULES, ...SNAPSHOT_RULES],
}

/** Another archive for other architectures: `_all.deb` names equal those of the main one. */
export const ubuntuPorts: Repository = {
  name: 'ubuntu-ports',
  signing: 'indexed',
  bytes: BYTES,
  mirrors: [
    '*.ports.ubuntu.com/ubuntu-ports',
    'ports.ubuntu.com/',
    '*.clouds.ports.ubuntu.com/ubuntu-ports',
  ],
  canonical: { mirror: 'http://ports.ubuntu.com/ubuntu-ports', spelling: 'apt' },
  knownAs: ['ubuntu-ports'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: UBUNTU_RULES,
}

const IMAGES = 'https://releases.ubuntu.com/ (directory listing)'
const IMAGE_BYTES = {
  madeBy: "Ubuntu's image builders",
  changedBy: 'nobody after the release: a respin takes a point number or a date',
  verifiedBy: 'people and tools: SHA256SUMS and its signature',
  source: 'https://ubuntu.com/tutorials/how-to-verify-ubuntu',
}

/** Installation images: the version is in the name. */
export const ubuntuReleases: Repository = {
  name: 'ubuntu-releases',
  signing: 'indexed',
  bytes: IMAGE_BYTES,
  mirrors: ['releases.ubuntu.com/', 'old-releases.ubuntu.com/releases'],
  knownAs: ['ubuntu-releases'],
  rules: [
    {
      id: 'image',
      class: 'versioned',
      path: '<release>/ubuntu-<file>.<type:iso|img.xz>',
      source: IMAGES,
    },
  ],
}

/** Cloud images: a build has a dated folder, `release/` and `current/` are links. */
export const ubuntuCloud: Repository = {
  name: 'ubuntu-cloud-images',
  signing: 'indexed',
  bytes: IMAGE_BYTES,
  mirrors: ['cloud-images.ubuntu.com/'],
  rules: [
    {
      id: 'release',
      class: 'versioned',
      path: 'releases/<suite>/release-<date:digits>/ubuntu-<file>',
      source: 'https://cloud-images.ubuntu.com/releases/ (directory listing)',
    },
    {
      id: 'minimal',
      class: 'versioned',
      path: 'minimal/releases/<suite>/release-<date:digits>/ubuntu-<file>',
      source: 'https://cloud-images.ubuntu.com/minimal/releases/ (directory listing)',
    },
  ],
}
