import type { Repository, Rule } from './model.ts'
import { MOVING_PACKAGES, YUM_INDEX } from './yum.ts'

const LAYOUT = 'https://dl.fedoraproject.org/pub/fedora/linux/ (directory listing)'

const FEDORA_RULES: readonly Rule[] = [
  ...YUM_INDEX,
  // Composed again until the release is out, then moved to `releases/`.
  {
    id: 'development',
    class: 'mutable',
    path: 'development/<rest:path>/<file><type:.rpm|.drpm>',
    source: LAYOUT,
  },
  {
    id: 'package',
    class: 'versioned',
    path: '<tree:releases|updates>/<release:digits>/<variant>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
    source: LAYOUT,
  },
  {
    id: 'testing',
    class: 'versioned',
    path: 'updates/testing/<release:digits>/<variant>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
    source: LAYOUT,
  },
]

export const fedora: Repository = {
  name: 'fedora',
  signing: 'signed',
  mirrors: ['*.fedoraproject.org/pub/fedora/linux', '*.fedoraproject.org/pub/archive/fedora/linux'],
  mutableWords: MOVING_PACKAGES,
  rules: FEDORA_RULES,
}

/** Other architectures, built on their own: their `noarch` packages have Fedora's names and other bytes. */
export const fedoraSecondary: Repository = {
  name: 'fedora-secondary',
  signing: 'signed',
  mirrors: ['*.fedoraproject.org/pub/fedora-secondary'],
  mutableWords: MOVING_PACKAGES,
  rules: FEDORA_RULES,
}
