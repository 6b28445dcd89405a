import { APT_INDEX, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'
import { YUM_INDEX } from './yum.ts'

const LAYOUT = 'https://mariadb.org/mirrors/ and https://archive.mariadb.org/ (directory listing)'

export const mariadb: Repository = {
  name: 'mariadb',
  signing: 'signed',
  optional: true,
  bytes: indexedDebs('MariaDB', LAYOUT),
  mirrors: [
    'deb.mariadb.org/',
    'rpm.mariadb.org/',
    'archive.mariadb.org/',
    'ftp.osuosl.org/pub/mariadb',
    'mirrors.xtom.com/mariadb',
    'mirrors.xtom.de/mariadb',
    'mirror.netcologne.de/mariadb',
    'mirrors.tuna.tsinghua.edu.cn/mariadb',
    'mirrors.aliyun.com/mariadb',
    'mirror.mariadb.org/',
    'mirror.rackspace.com/mariadb',
  ],
  knownAs: ['mariadb'],
  mutableWords: MOVING_WORDS,
  rules: [
    ...APT_INDEX,
    ...YUM_INDEX,
    {
      id: 'deb',
      class: 'versioned',
      path: 'repo/<series:version>/<distribution>/pool/<dir:path>/<file>.deb',
      source: LAYOUT,
    },
    {
      id: 'deb-archive',
      class: 'versioned',
      path: 'mariadb-<release:version>/repo/<distribution>/pool/<dir:path>/<file>.deb',
      source: LAYOUT,
    },
    {
      id: 'tarball',
      class: 'versioned',
      path: 'mariadb-<release:version>/<dir:path>/mariadb-<file>.tar.gz',
      source: LAYOUT,
    },
  ],
}
