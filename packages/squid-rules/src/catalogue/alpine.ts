import type { Repository } from './model.ts'

const LAYOUT = 'https://dl-cdn.alpinelinux.org/alpine/ (directory listing)'
const REBUILT = 'https://github.com/gliderlabs/docker-alpine/issues/177 (also 278, 318, 335)'

export const alpine: Repository = {
  name: 'alpine',
  signing: 'signed',
  bytes: {
    madeBy: "Alpine's builders, each branch once",
    changedBy:
      'Alpine alone: in a stable branch a new build takes a new -r number; edge breaks that, so edge is mutable',
    verifiedBy: 'apk: the checksum of the signed APKINDEX, and the signature of the file',
    source: REBUILT,
  },
  mirrors: ['*.alpinelinux.org/alpine'],
  canonical: { mirror: 'http://dl-cdn.alpinelinux.org/alpine', spelling: 'plain' },
  knownAs: ['alpine', 'alpinelinux'],
  roots: ['v<branch:version>', 'edge', 'latest-stable'].flatMap((branch) => [
    branch,
    `${branch}/<repo:main|community|testing>`,
    `${branch}/<repo:main|community|testing>/<arch>`,
  ]),
  rules: [
    { id: 'index', class: 'mutable', path: '<dir:path>/APKINDEX.tar.gz', source: LAYOUT },
    // Built again under the same name and release, as in all reports of bad signatures; `latest-stable` is a link.
    { id: 'edge', class: 'mutable', path: 'edge/<rest:path>', source: REBUILT },
    { id: 'latest-stable', class: 'mutable', path: 'latest-stable/<rest:path>', source: LAYOUT },
    {
      id: 'latest-releases',
      class: 'mutable',
      path: '<dir:path>/<file:latest-releases.yaml|last-updated>',
      source: LAYOUT,
    },
    { id: 'netboot', class: 'mutable', path: '<dir:path>/netboot/<file>', source: LAYOUT },
    {
      id: 'package',
      class: 'versioned',
      path: 'v<branch:version>/<repo:main|community>/<arch>/<file>.apk',
      source: LAYOUT,
    },
    {
      id: 'netboot-release',
      class: 'versioned',
      path: 'v<branch:version>/releases/<arch>/netboot-<release:version>/<file:path>',
      source: LAYOUT,
    },
    {
      id: 'release',
      class: 'versioned',
      path: 'v<branch:version>/releases/<arch>/alpine-<file>.<type:iso|tar.gz>',
      source: LAYOUT,
    },
  ],
}
