import { validate } from '@bootwire/squid-rules'
import { z } from 'zod'

import { defineFeature } from '../../seam/feature.ts'

/** `squid:` belongs to another package, which checks it. */
export const feature = defineFeature({
  schema: z.unknown().describe('package cache; see @bootwire/squid-rules'),
  open: (settings) => ({
    check: ({ report }) => {
      for (const { path, message } of validate(settings)) report(path, message)
    },
  }),
})
