import { APT_INDEX, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX } from './yum.ts'

const LAYOUT =
  'https://docs.ceph.com/en/latest/install/get-packages/ and mirrors (a folder for each release)'

/** Only the folders of a point release: those of a series are links that move. */
export const ceph: Repository = {
  name: 'ceph',
  signing: 'signed',
  optional: true,
  bytes: signedRpms('Ceph', LAYOUT),
  mirrors: [
    'download.ceph.com/',
    '*.ceph.com/',
    'mirrors.tuna.tsinghua.edu.cn/ceph',
    'mirrors.ustc.edu.cn/ceph',
    'mirrors.aliyun.com/ceph',
  ],
  knownAs: ['ceph'],
  mutableWords: [...new Set([...MOVING_PACKAGES, ...MOVING_WORDS])],
  rules: [
    ...YUM_INDEX,
    ...APT_INDEX,
    {
      id: 'rpm',
      class: 'versioned',
      path: 'rpm-<release:version>/<distribution>/<arch>/<file>.rpm',
      source: LAYOUT,
    },
    {
      id: 'deb',
      class: 'versioned',
      path: 'debian-<release:version>/pool/<dir:path>/<file>.deb',
      source: LAYOUT,
    },
  ],
}
