import type { Repository } from './model.ts'

const PACKAGING =
  'https://cygwin.com/packaging-package-files.html (a release number for each build)'

export const cygwin: Repository = {
  name: 'cygwin',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'maintainers, by an upload tool that refuses a name twice',
    changedBy: 'Cygwin alone: a new build takes a new release',
    verifiedBy: 'setup: the SHA-512 of the signed setup.ini',
    source: PACKAGING,
  },
  mirrors: [
    'cygwin.com/pub/cygwin',
    'mirrors.kernel.org/sourceware/cygwin',
    'sourceware.org/pub/cygwin',
  ],
  knownAs: ['cygwin'],
  roots: ['<arch:x86_64|x86|noarch>'],
  rules: [
    { id: 'setup', class: 'mutable', path: '<arch>/setup.<type>', source: PACKAGING },
    {
      id: 'package',
      class: 'versioned',
      path: '<arch:x86_64|x86|noarch>/release/<dir:path>/<file>.tar.<type:xz|zst|bz2>',
      source: PACKAGING,
    },
  ],
}
