import { APT_ROOTS, APT_RULES, indexedDebs, MOVING_WORDS } from './apt.ts'
import type { Repository } from './model.ts'
import { signedRpms, YUM_INDEX } from './yum.ts'

/** PostgreSQL's packages for Debian and Ubuntu. */
export const pgdgApt: Repository = {
  name: 'pgdg-apt',
  signing: 'indexed',
  bytes: indexedDebs('PGDG', 'https://wiki.postgresql.org/wiki/Apt/RepoDetails'),
  mirrors: [
    'apt.postgresql.org/pub/repos/apt',
    'apt-archive.postgresql.org/pub/repos/apt',
    'download.postgresql.org/pub/repos/apt',
    'ftp.postgresql.org/pub/repos/apt',
  ],
  knownAs: ['postgresql', 'pgdg'],
  roots: APT_ROOTS,
  mutableWords: MOVING_WORDS,
  rules: APT_RULES,
}

const REBUILT =
  'https://github.com/pgdg-packaging/pgdg-rpms/issues/75 (also 219, 225): same name, other bytes'

/** The rpm packages were replaced under their names several times, so they have no key and are asked for again. */
export const pgdgYum: Repository = {
  name: 'pgdg-yum',
  signing: 'signed',
  bytes: {
    ...signedRpms('PGDG', REBUILT),
    changedBy: 'PGDG, and it has done so: a package was built again under its name and release',
  },
  mirrors: [
    'download.postgresql.org/pub/repos/yum',
    'yum.postgresql.org/',
    'ftp.postgresql.org/pub/repos/yum',
  ],
  knownAs: ['postgresql', 'pgdg'],
  rules: [
    {
      id: 'package',
      class: 'mutable',
      path: '<dir:path>/<file><type:.rpm|.drpm>',
      source: REBUILT,
    },
    ...YUM_INDEX,
  ],
}
