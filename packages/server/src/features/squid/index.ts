import { validate } from '@bootwire/squid-rules'
import { z } from 'zod'

import { defineFeature } from '../../seam/feature.ts'

/** `squid:` belongs to another package, which checks it. */
export const feature = defineFeature({
  schema: z.unknown().describe('package cache; see @bootwire/squid-rules'),
  delegates: {
    squid: async (args, host) => (await import('./command.ts')).squidMain(args, host),
  },
  open: (settings) => ({
    check: ({ report }) => {
      // What works but deserves a thought is for the package's own commands to tell.
      for (const { path, message, severity } of validate(settings))
        if (severity !== 'warning') report(path, message)
    },
  }),
})
