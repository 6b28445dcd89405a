import type { Repository, Rule } from './model.ts'

const LAYOUT = 'https://wiki.archlinux.org/title/Official_repositories'
const ARCHIVE = 'https://wiki.archlinux.org/title/Arch_Linux_Archive'

const REPOS =
  'core|extra|community|multilib|testing|core-testing|extra-testing|multilib-testing|community-testing|gnome-unstable|kde-unstable'

const TYPES = 'zst|xz|gz'

const DATABASE: Rule = {
  id: 'database',
  class: 'mutable',
  path: '<dir:path>/<file>.<type:db|db.sig|db.tar.gz|db.tar.gz.sig|files|files.sig|files.tar.gz|files.tar.gz.sig>',
  source: LAYOUT,
}

/** A package and its signature at one place. */
const pair = (id: string, at: string, source: string, key?: string, sameAs?: string): Rule[] =>
  ['', '.sig'].map((end) => ({
    id: `${id}${end === '' ? '' : '-signature'}`,
    class: 'versioned',
    path: `${at}/<file>.pkg.tar.<type:${TYPES}>${end}`,
    ...(key === undefined ? {} : { key: `${key}/<file>.pkg.tar.<type>${end}` }),
    ...(sameAs === undefined ? {} : { sameAs: `${sameAs}${end === '' ? '' : '-signature'}` }),
    source,
  }))

/** The layout of pacman repositories; the list of names keeps a mirror at a host's root from taking in its neighbours. */
const ARCH_RULES: readonly Rule[] = [
  DATABASE,
  { id: 'stamp', class: 'mutable', path: '<file:lastsync|lastupdate>', source: LAYOUT },
  { id: 'iso-latest', class: 'mutable', path: 'iso/latest/<file:path>', source: LAYOUT },
  ...pair('package', `<repo:${REPOS}>/os/<arch>`, LAYOUT),
  { id: 'iso', class: 'versioned', path: 'iso/<date:version>/<file:path>', source: LAYOUT },
  // A day's copy of all repositories: a link into the pool of files that never change.
  ...pair(
    'archived',
    `repos/<year:digits>/<month:digits>/<day:digits>/<repo:${REPOS}>/os/<arch>`,
    ARCHIVE,
    '<repo>/os/<arch>',
    'package',
  ),
  ...pair('archive', 'packages/<letter>/<name>', ARCHIVE),
]

const signedFiles = (vendor: string, source: string): Repository['bytes'] => ({
  madeBy: `${vendor}'s packagers; the repository tools take a file name once`,
  changedBy: `${vendor} alone: a new build takes a new pkgrel`,
  verifiedBy: 'pacman: the signature of each file, and the hash of the database',
  source,
})

export const arch: Repository = {
  name: 'arch',
  pacmanServer: '$repo/os/$arch',
  signing: 'signed',
  bytes: signedFiles('Arch', 'https://wiki.archlinux.org/title/Pacman/Package_signing'),
  mirrors: ['*.pkgbuild.com/', '*.archlinux.org/archlinux', 'archive.archlinux.org/'],
  canonical: { mirror: 'http://geo.mirror.pkgbuild.com', spelling: 'plain' },
  knownAs: ['arch', 'archlinux'],
  roots: [`<repo:${REPOS}>/os/<arch>`],
  rules: ARCH_RULES,
}

/** Arch built again for ARM: the names of Arch's `-any` packages and other bytes. */
export const archArm: Repository = {
  name: 'archlinuxarm',
  signing: 'signed',
  bytes: signedFiles('Arch Linux ARM', 'https://archlinuxarm.org/about/package-signing'),
  mirrors: ['*.archlinuxarm.org/'],
  knownAs: ['archlinuxarm', 'archlinux-arm'],
  roots: ['<arch>/<repo:core|extra|community|alarm|aur>'],
  rules: [
    DATABASE,
    ...pair(
      'package',
      '<arch:aarch64|armv7h|armv6h|arm>/<repo:core|extra|community|alarm|aur>',
      'http://mirror.archlinuxarm.org/ (directory listing)',
    ),
  ],
}

/** Copies of Arch's packages and its own; the branch is in the path. */
export const manjaro: Repository = {
  name: 'manjaro',
  signing: 'signed',
  optional: true,
  bytes: signedFiles('Manjaro', 'https://wiki.manjaro.org/index.php/Switching_Branches'),
  mirrors: ['*.manjaro.org/', 'mirrors.manjaro.org/repo'],
  knownAs: ['manjaro'],
  roots: ['<branch:stable|testing|unstable>/<repo:core|extra|community|multilib>/<arch>'],
  rules: [
    DATABASE,
    ...pair(
      'package',
      '<branch:stable|testing|unstable>/<repo:core|extra|community|multilib|kde-unstable>/<arch>',
      'https://mirrors.manjaro.org/ (directory listing)',
    ),
  ],
}

/** Packages for Windows. */
export const msys2: Repository = {
  name: 'msys2',
  signing: 'signed',
  optional: true,
  bytes: signedFiles('MSYS2', 'https://www.msys2.org/dev/mirrors/'),
  mirrors: ['repo.msys2.org/', 'mirror.msys2.org/', 'repo.extreme-ix.org/msys2'],
  knownAs: ['msys2'],
  roots: ['mingw/<subsystem>', 'msys/<arch>'],
  rules: [
    DATABASE,
    ...pair('package', 'mingw/<subsystem>', 'https://repo.msys2.org/ (directory listing)'),
    ...pair('package-msys', 'msys/<arch>', 'https://repo.msys2.org/ (directory listing)'),
  ],
}
