import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'

/** Devuan's own packages; what it takes from Debian is fetched from there. */
export const devuan: Repository = {
  name: 'devuan',
  signing: 'indexed',
  bytes: indexedDebs('Devuan', 'https://www.devuan.org/os/packages'),
  optional: true,
  mirrors: ['deb.devuan.org/devuan', 'pkgmaster.devuan.org/devuan', '*.devuan.org/merged'],
  knownAs: ['devuan'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: [
    ...APT_RULES,
    {
      // The merged archive sends what is Debian's on to Debian, and keeps Devuan's own below DEVUAN/.
      id: 'merged',
      class: 'versioned',
      path: 'pool/DEVUAN/<dir:path>/<file><type:.deb|.udeb>',
      sameAs: 'binary',
      source: 'https://www.devuan.org/os/packages',
    },
  ],
}
