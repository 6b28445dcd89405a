import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const LAYOUT = 'https://download.opensuse.org/ (directory listing)'
const REBUILT = 'https://github.com/openSUSE/zypper/issues/654'

export const opensuse: Repository = {
  name: 'opensuse',
  signing: 'signed',
  bytes: signedRpms(
    'openSUSE (Leap)',
    'https://en.opensuse.org/openSUSE:Package_signing (and zypper#654 for what is not)',
  ),
  mirrors: [
    'download.opensuse.org/',
    'cdn.opensuse.org/',
    'downloadcontent.opensuse.org/',
    'downloadcontent2.opensuse.org/',
    'provo-mirror.opensuse.org/',
    'mirror-br.opensuse.org/',
  ],
  canonical: { mirror: 'http://download.opensuse.org', spelling: 'zypper' },
  services: ['mirrorcache.opensuse.org', 'codecs.opensuse.org'],
  knownAs: ['opensuse'],
  roots: [
    'distribution/leap/<release:version>/repo/<repo>',
    'update/leap/<release:version>/<repo>',
    'tumbleweed/repo/<repo>',
  ],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    // Built again under the same name and release; two mirrors may hold different bytes.
    {
      id: 'tumbleweed',
      class: 'mutable',
      path: 'tumbleweed/<rest:path>/<file><type:.rpm|.drpm>',
      source: REBUILT,
    },
    {
      id: 'build-service',
      class: 'mutable',
      path: 'repositories/<rest:path>',
      source: 'https://github.com/openSUSE/MirrorCache/issues/588',
    },
    {
      id: 'media',
      class: 'mutable',
      path: '<dir:path>/<file:media|products|content|directory.yast|ARCHIVES.gz>',
      source: LAYOUT,
    },
    {
      id: 'leap',
      class: 'versioned',
      path: 'distribution/leap/<release:version>/repo/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
    {
      id: 'leap-update',
      class: 'versioned',
      path: 'update/leap/<release:version>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
  ],
}
