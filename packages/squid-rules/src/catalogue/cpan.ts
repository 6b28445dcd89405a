import type { Repository } from './model.ts'

const PAUSE =
  'https://pause.perl.org/pause/query?ACTION=pause_04about (a file name cannot be used twice)'

export const cpan: Repository = {
  name: 'cpan',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'authors, by PAUSE',
    changedBy: 'nobody: PAUSE refuses a file name that an author has used',
    verifiedBy: "cpan: the SHA-256 of the author's CHECKSUMS",
    source: PAUSE,
  },
  mirrors: [
    '*.cpan.org/',
    'cpan.metacpan.org/',
    'mirrors.kernel.org/CPAN',
    'mirrors.tuna.tsinghua.edu.cn/CPAN',
  ],
  knownAs: ['cpan'],
  rules: [
    { id: 'checksums', class: 'mutable', path: '<dir:path>/CHECKSUMS', source: PAUSE },
    { id: 'index', class: 'mutable', path: 'modules/<file:path>', source: PAUSE },
    {
      id: 'distribution',
      class: 'versioned',
      path: 'authors/id/<dir:path>/<file>.<type:tar.gz|tgz|zip|tar.bz2>',
      source: PAUSE,
    },
  ],
}
