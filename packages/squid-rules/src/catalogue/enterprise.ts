import type { Rule } from './model.ts'
import { YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const REPOS =
  'BaseOS|AppStream|CRB|PowerTools|Devel|HighAvailability|NFV|RT|ResilientStorage|SAP|SAPHANA|extras|plus|devel|nfv|synergy|testing'

/**
 * Rebuilds of RHEL. `9` is a link to the newest `9.x`, and a package that is in two point releases is one file, so
 * the key keeps `9`. One vendor's file is never another's: each is signed inside.
 */
export const enterpriseRules = (source: string): readonly Rule[] => [
  ...YUM_INDEX,
  ...YUM_MOVING_TREE,
  {
    id: 'package',
    class: 'versioned',
    path: `<release:major>/<repo:${REPOS}>/<arch>/<dir:path>/<file><type:.rpm|.drpm>`,
    key: '<release>/<repo>/<arch>/<dir>/<file><type>',
    source,
  },
]
