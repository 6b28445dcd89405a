import { script } from '@bootwire/ipxe-script'
import { z } from 'zod'

import { localLines } from './ipxe-lines.ts'
import { profileKind } from './kind.ts'

/** No answer on DHCP. Who asks for a script all the same boots its disk. */
export const ignore = profileKind({
  name: 'ignore',
  key: 'ignore',
  fields: {
    ignore: z
      .literal(true, { error: 'must be true' })
      .optional()
      .describe('never answer this machine on DHCP'),
  },
  ignoresDhcp: true,
  compile: () => ({ kind: 'ignore' }),
  script: () => script(localLines()).text,
})
