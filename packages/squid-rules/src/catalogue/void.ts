import type { Repository } from './model.ts'

const POLICY =
  'https://github.com/void-linux/void-packages/blob/master/Manual.md (revision must grow with each build)'

export const voidLinux: Repository = {
  name: 'void',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: "Void's builders",
    changedBy: 'Void alone: a new build takes a new _revision',
    verifiedBy: 'xbps: the SHA-256 of the repository data, and the signature of the file',
    source: POLICY,
  },
  mirrors: ['*.voidlinux.org/', 'repo-default.voidlinux.org/'],
  knownAs: ['void', 'voidlinux'],
  roots: ['current', 'current/<arch>'],
  rules: [
    {
      id: 'repodata',
      class: 'mutable',
      path: '<dir:path>/<arch>-<file:repodata|stagedata>',
      source: POLICY,
    },
    { id: 'package', class: 'versioned', path: 'current/<file>.xbps', source: POLICY },
    {
      id: 'package-signature',
      class: 'versioned',
      path: 'current/<file>.xbps.<type:sig|sig2>',
      source: POLICY,
    },
    {
      id: 'package-below',
      class: 'versioned',
      path: 'current/<dir:path>/<file>.xbps',
      source: POLICY,
    },
    {
      id: 'package-below-signature',
      class: 'versioned',
      path: 'current/<dir:path>/<file>.xbps.<type:sig|sig2>',
      source: POLICY,
    },
  ],
}
