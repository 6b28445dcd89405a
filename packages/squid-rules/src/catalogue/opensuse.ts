import type { Repository } from './model.ts'
import { MOVING_PACKAGES, YUM_INDEX } from './yum.ts'

const LAYOUT = 'https://download.opensuse.org/ (directory listing)'
const REBUILT = 'https://github.com/openSUSE/zypper/issues/654'

export const opensuse: Repository = {
  name: 'opensuse',
  signing: 'signed',
  mirrors: ['download.opensuse.org/', 'cdn.opensuse.org/', 'downloadcontent.opensuse.org/'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
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
      path: 'repositories/<rest:path>/<file><type:.rpm|.drpm>',
      source: REBUILT,
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
      path: 'distribution/leap/<release:version>/repo/<repo>/<arch>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
    {
      id: 'leap-update',
      class: 'versioned',
      path: 'update/leap/<release:version>/<repo>/<arch>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
  ],
}
