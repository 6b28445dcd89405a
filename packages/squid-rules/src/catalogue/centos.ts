import type { Repository, Rule } from './model.ts'
import { MOVING_PACKAGES, YUM_INDEX } from './yum.ts'

const VAULT = 'https://vault.centos.org/ (directory listing and 7/readme)'
const SIG = 'https://wiki.centos.org/SIGGuide/Content/Release'

/** Links to a point release that will not move again: both names are the same files. */
const aliasOf = (name: string, release: string): Rule => ({
  id: `package-${name}`,
  class: 'versioned',
  path: `${name}/<repo>/<arch>/<dir:path>/<file><type:.rpm|.drpm>`,
  key: `${release}/<repo>/<arch>/<dir>/<file><type>`,
  sameAs: 'package',
  source: VAULT,
})

const RULES: readonly Rule[] = [
  ...YUM_INDEX,
  aliasOf('6', '6.10'),
  aliasOf('7', '7.9.2009'),
  aliasOf('8', '8.5.2111'),
  {
    id: 'package',
    class: 'versioned',
    path: '<release:version>/<repo>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
    source: VAULT,
  },
]

/** CentOS Linux. Its hosts are listed one by one, as buildlogs.centos.org has the same paths unsigned. */
export const centos: Repository = {
  name: 'centos',
  signing: 'signed',
  mirrors: [
    'mirror.centos.org/centos',
    'vault.centos.org/centos',
    'vault.centos.org/',
    'archive.kernel.org/centos-vault',
  ],
  mutableWords: MOVING_PACKAGES,
  rules: RULES,
}

/** Other architectures of CentOS 7, built on their own. */
export const centosAltarch: Repository = {
  name: 'centos-altarch',
  signing: 'signed',
  mirrors: ['mirror.centos.org/altarch', 'vault.centos.org/altarch'],
  mutableWords: MOVING_PACKAGES,
  rules: RULES,
}

/** Test builds: "you can use the same path for buildlogs", but nothing there is signed. */
export const centosBuildlogs: Repository = {
  name: 'centos-buildlogs',
  signing: 'unsigned',
  mirrors: ['buildlogs.centos.org/centos'],
  mutableWords: MOVING_PACKAGES,
  rules: RULES.map((rule) => ({ ...rule, source: SIG })),
}

const COMPOSES = 'https://mirror.stream.centos.org/ (directory listing)'

export const centosStream: Repository = {
  name: 'centos-stream',
  signing: 'signed',
  mirrors: [
    'mirror.stream.centos.org/',
    'mirror.centos.org/centos',
    'vault.centos.org/centos',
    'vault.centos.org/',
  ],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    {
      id: 'package',
      class: 'versioned',
      path: '<release:8-stream|9-stream|10-stream>/<repo>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
      source: COMPOSES,
    },
    {
      id: 'sig',
      class: 'versioned',
      path: 'SIGs/<release:9-stream|10-stream>/<sig>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
      source: COMPOSES,
    },
  ],
}
