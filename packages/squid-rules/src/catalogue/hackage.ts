import type { Repository } from './model.ts'

const UPLOAD =
  'https://hackage.haskell.org/upload (a version cannot be replaced; revisions touch only the .cabal file)'

export const hackage: Repository = {
  name: 'hackage',
  signing: 'indexed',
  optional: true,
  bytes: {
    madeBy: 'whoever publishes; a version is uploaded once',
    changedBy: 'nobody: Hackage refuses a version twice',
    verifiedBy: 'cabal: the hashes of the signed index',
    source: UPLOAD,
  },
  mirrors: [
    'hackage.haskell.org/',
    'hackage.fpcomplete.com/',
    'mirrors.tuna.tsinghua.edu.cn/hackage',
    'mirrors.ustc.edu.cn/hackage',
  ],
  rules: [
    { id: 'package', class: 'versioned', path: 'package/<file>.tar.gz', source: UPLOAD },
    {
      id: 'package-below',
      class: 'versioned',
      path: 'package/<name>/<file>.tar.gz',
      key: 'package/<file>.tar.gz',
      sameAs: 'package',
      source: UPLOAD,
    },
  ],
}
