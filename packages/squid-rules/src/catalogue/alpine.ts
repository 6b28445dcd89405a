import type { Repository } from './model.ts'

const LAYOUT = 'https://dl-cdn.alpinelinux.org/alpine/ (directory listing)'
const REBUILT = 'https://github.com/gliderlabs/docker-alpine/issues/177 (also 278, 318, 335)'

export const alpine: Repository = {
  name: 'alpine',
  signing: 'signed',
  mirrors: ['*.alpinelinux.org/alpine'],
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
      id: 'release',
      class: 'versioned',
      path: 'v<branch:version>/releases/<arch>/alpine-<file>.<type:iso|tar.gz>',
      source: LAYOUT,
    },
  ],
}
