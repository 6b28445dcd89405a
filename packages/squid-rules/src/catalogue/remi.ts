import type { Repository } from './model.ts'
import { signedRpms, YUM_INDEX } from './yum.ts'

const REBUILT = 'https://github.com/remicollet/remirepo/issues/329: same name, other bytes'

/** Its files were replaced under their names, so they have no key and are asked for again. */
export const remi: Repository = {
  name: 'remi',
  signing: 'signed',
  optional: true,
  bytes: {
    ...signedRpms('Remi', REBUILT),
    changedBy: 'Remi, and it has happened: two repositories held other bytes under one name',
  },
  mirrors: ['rpms.remirepo.net/', '*.remirepo.net/', 'rpms.famillecollet.com/'],
  knownAs: ['remi', 'remirepo'],
  rules: [
    { id: 'package', class: 'mutable', path: '<dir:path>/<file>.rpm', source: REBUILT },
    ...YUM_INDEX,
  ],
}
