import { APT_RULES, MOVING_WORDS } from './debian.ts'
import type { Repository, Rule } from './model.ts'

const UPGRADER = 'apt-cacher-ng src/acfg_defaults.cc, VfilePattern (dist-upgrader, meta-release)'

const UBUNTU_RULES: readonly Rule[] = [
  {
    id: 'upgrader',
    class: 'mutable',
    path: 'dists/<suite>/<area>/<upgrader>/current/<file:path>',
    source: UPGRADER,
  },
  ...APT_RULES,
]

/** The main archive; security.ubuntu.com has the same pool. */
export const ubuntu: Repository = {
  name: 'ubuntu',
  signing: 'indexed',
  mirrors: ['*.archive.ubuntu.com/ubuntu', 'security.ubuntu.com/ubuntu'],
  mutableWords: MOVING_WORDS,
  rules: UBUNTU_RULES,
}

/** Another archive for other architectures: `_all.deb` names equal those of the main one. */
export const ubuntuPorts: Repository = {
  name: 'ubuntu-ports',
  signing: 'indexed',
  mirrors: ['ports.ubuntu.com/ubuntu-ports', 'ports.ubuntu.com/'],
  mutableWords: MOVING_WORDS,
  rules: UBUNTU_RULES,
}
