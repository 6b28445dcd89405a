import { APT_RULES, MOVING_WORDS } from './apt.ts'
import type { Rule } from './model.ts'
import { MOVING_PACKAGES, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

/** Rules that a repository of your own can use by name. */
export interface Layout {
  readonly rules: readonly Rule[]
  readonly mutableWords: readonly string[]
}

const OWN = 'the layout, as chosen by you'

/** The layouts by name: `yum`, `apt`, `pacman`, `apk`. */
export const LAYOUTS: Readonly<Record<string, Layout>> = {
  yum: {
    rules: [
      ...YUM_INDEX,
      ...YUM_MOVING_TREE,
      {
        id: 'package',
        class: 'versioned',
        path: '<dir:path>/<file><type:.rpm|.drpm>',
        source: OWN,
      },
      { id: 'package-root', class: 'versioned', path: '<file><type:.rpm|.drpm>', source: OWN },
    ],
    mutableWords: MOVING_PACKAGES,
  },
  apt: { rules: APT_RULES, mutableWords: MOVING_WORDS },
  pacman: {
    rules: [
      {
        id: 'database',
        class: 'mutable',
        path: '<dir:path>/<file>.<type:db|db.sig|files|files.sig>',
        source: OWN,
      },
      {
        id: 'package',
        class: 'versioned',
        path: '<dir:path>/<file>.pkg.tar.<type:zst|xz|gz>',
        source: OWN,
      },
      {
        id: 'signature',
        class: 'versioned',
        path: '<dir:path>/<file>.pkg.tar.<type:zst|xz|gz>.sig',
        source: OWN,
      },
    ],
    mutableWords: MOVING_WORDS,
  },
  apk: {
    rules: [
      { id: 'index', class: 'mutable', path: '<dir:path>/APKINDEX.tar.gz', source: OWN },
      { id: 'package', class: 'versioned', path: '<dir:path>/<file>.apk', source: OWN },
    ],
    mutableWords: MOVING_WORDS,
  },
}
