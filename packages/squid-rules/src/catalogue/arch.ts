import type { Repository, Rule } from './model.ts'

const LAYOUT = 'https://wiki.archlinux.org/title/Official_repositories'

const REPOS =
  'core|extra|community|multilib|testing|core-testing|extra-testing|multilib-testing|community-testing|gnome-unstable|kde-unstable'

/** The layout of pacman repositories; the list of names keeps a mirror at a host's root from taking in its neighbours. */
const ARCH_RULES: readonly Rule[] = [
  {
    id: 'database',
    class: 'mutable',
    path: '<repo>/os/<arch>/<file>.<type:db|db.sig|db.tar.gz|db.tar.gz.sig|files|files.sig|files.tar.gz|files.tar.gz.sig>',
    source: LAYOUT,
  },
  { id: 'stamp', class: 'mutable', path: '<file:lastsync|lastupdate>', source: LAYOUT },
  { id: 'iso-latest', class: 'mutable', path: 'iso/latest/<file:path>', source: LAYOUT },
  {
    id: 'package',
    class: 'versioned',
    path: `<repo:${REPOS}>/os/<arch>/<file>.pkg.tar.<type:zst|xz|gz>`,
    source: LAYOUT,
  },
  {
    id: 'signature',
    class: 'versioned',
    path: `<repo:${REPOS}>/os/<arch>/<file>.pkg.tar.<type:zst|xz|gz>.sig`,
    source: LAYOUT,
  },
  { id: 'iso', class: 'versioned', path: 'iso/<date:version>/<file:path>', source: LAYOUT },
]

export const arch: Repository = {
  name: 'arch',
  signing: 'signed',
  mirrors: ['*.pkgbuild.com/', '*.archlinux.org/archlinux'],
  rules: ARCH_RULES,
}
