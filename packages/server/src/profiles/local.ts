import { script } from '@bootwire/ipxe-script'
import { z } from 'zod'

import { localLines } from './ipxe-lines.ts'
import { profileKind } from './kind.ts'

/** The local disk. */
export const local = profileKind({
  name: 'local',
  key: 'local',
  fields: {
    local: z.literal(true, { error: 'must be true' }).optional().describe('boot the local disk'),
  },
  compile: () => ({ kind: 'local' }),
  script: () => script(localLines()).text,
})
