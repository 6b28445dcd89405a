import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const LAYOUT = 'http://download1.rpmfusion.org/ (directory listing)'

/** Codecs and drivers for Fedora and EL; its release packages at the root carry no version. */
export const rpmfusion: Repository = {
  name: 'rpmfusion',
  signing: 'signed',
  bytes: signedRpms('RPM Fusion', 'https://rpmfusion.org/keys'),
  mirrors: ['download1.rpmfusion.org/', 'download0.rpmfusion.org/', 'mirrors.rpmfusion.org/'],
  knownAs: ['rpmfusion'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    {
      id: 'development',
      class: 'mutable',
      path: '<section>/fedora/development/<rest:path>',
      source: LAYOUT,
    },
    {
      id: 'release-package',
      class: 'mutable',
      path: '<section>/<family:fedora|el>/<file>.rpm',
      source: LAYOUT,
    },
    {
      id: 'fedora',
      class: 'versioned',
      path: '<section:free|nonfree>/fedora/<tree:releases|updates>/<release:digits>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
    {
      id: 'testing',
      class: 'versioned',
      path: '<section:free|nonfree>/fedora/updates/testing/<release:digits>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
    {
      id: 'enterprise',
      class: 'versioned',
      path: '<section:free|nonfree>/el/<tree:releases|updates>/<release:version>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
  ],
}
