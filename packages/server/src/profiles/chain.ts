import { script } from '@bootwire/ipxe-script'
import { z } from 'zod'

import { chainLines } from './ipxe-lines.ts'
import { profileKind } from './kind.ts'

/** Another boot script or binary, by its URL. */
export const chain = profileKind({
  name: 'chain',
  key: 'chain',
  fields: {
    chain: z
      .url({ protocol: /^(https?|tftp)$/, error: 'must be an http, https or tftp URL' })
      .optional()
      .describe('URL of another boot script or binary'),
  },
  compile: ({ chain: url = '' }) => ({ kind: 'chain', url }),
  script: ({ url }) => script(chainLines(url)).text,
})
