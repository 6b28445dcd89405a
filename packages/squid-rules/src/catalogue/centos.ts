import type { Repository, Rule } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_ROOTS } from './yum.ts'

const VAULT = 'https://vault.centos.org/ (directory listing and 7/readme)'
const SIG = 'https://wiki.centos.org/SIGGuide/Content/Release'

/** `images/` and what the boot loaders read: a release that is over is composed no more. */
const tree = (id: string, from: string, to: string): Rule[] =>
  ['os/<arch>', 'BaseOS/<arch>/os'].flatMap((place, i) =>
    (['images', 'isolinux', 'LiveOS'] as const).map((folder): Rule => ({
      id: `${id}-${folder.toLowerCase()}${i === 0 ? '' : '-8'}`,
      class: 'versioned',
      path: `${from}/${place}/${folder}/<file:path>`,
      ...(from === to ? {} : { key: `${to}/${place}/${folder}/<file>` }),
      source: VAULT,
    })),
  )

/** Links to a point release that will not move again: both names are the same files. */
const aliasOf = (name: string, release: string): Rule[] => [
  {
    id: `package-${name}`,
    class: 'versioned',
    path: `${name}/<repo>/<arch>/<dir:path>/<file><type:.rpm|.drpm>`,
    key: `${release}/<repo>/<arch>/<dir>/<file><type>`,
    sameAs: 'package',
    source: VAULT,
  },
  ...tree(`tree-${name}`, name, release),
]

const RULES: readonly Rule[] = [
  ...YUM_INDEX,
  ...aliasOf('6', '6.10'),
  ...aliasOf('7', '7.9.2009'),
  ...aliasOf('8', '8.5.2111'),
  {
    id: 'package',
    class: 'versioned',
    path: '<release:version>/<repo>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
    source: VAULT,
  },
  ...tree('tree', '<release:version>', '<release:version>'),
]

const BYTES = signedRpms('CentOS', 'https://www.centos.org/keys/')

/** CentOS Linux, all of it finished. Its hosts are listed one by one: buildlogs.centos.org has the same paths unsigned. */
export const centos: Repository = {
  name: 'centos',
  signing: 'signed',
  bytes: BYTES,
  mirrors: [
    'mirror.centos.org/centos',
    'vault.centos.org/centos',
    'vault.centos.org/',
    'archive.kernel.org/centos-vault',
  ],
  services: ['mirrorlist.centos.org'],
  knownAs: ['centos', 'centos-vault'],
  roots: YUM_ROOTS,
  mutableWords: MOVING_PACKAGES,
  rules: RULES,
}

/** Other architectures of CentOS 7, built on their own. */
export const centosAltarch: Repository = {
  name: 'centos-altarch',
  signing: 'signed',
  bytes: BYTES,
  mirrors: ['mirror.centos.org/altarch', 'vault.centos.org/altarch'],
  mutableWords: MOVING_PACKAGES,
  rules: RULES,
}

/** Test builds: "you can use the same path for buildlogs", but nothing there is signed. */
export const centosBuildlogs: Repository = {
  name: 'centos-buildlogs',
  signing: 'unsigned',
  bytes: {
    ...BYTES,
    verifiedBy: 'the size and hash of an index that is not signed',
    source: SIG,
  },
  mirrors: ['buildlogs.centos.org/centos'],
  mutableWords: MOVING_PACKAGES,
  rules: RULES.map((rule) => ({ ...rule, source: SIG })),
}

/** Debug information of CentOS 5 to 8. */
export const centosDebuginfo: Repository = {
  name: 'centos-debuginfo',
  signing: 'signed',
  bytes: BYTES,
  mirrors: ['debuginfo.centos.org/'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    {
      id: 'package',
      class: 'versioned',
      path: '<release:version>/<arch>/<file>.rpm',
      source: 'http://debuginfo.centos.org/ (directory listing)',
    },
    {
      id: 'package-8',
      class: 'versioned',
      path: '<release:version>/<arch>/<dir:path>/<file>.rpm',
      source: 'http://debuginfo.centos.org/ (directory listing)',
    },
  ],
}
