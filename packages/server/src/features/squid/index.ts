import { validate } from '@bootwire/squid-rules'
import { z } from 'zod'

import { defineFeature } from '../../seam/feature.ts'

/** Where installers reach the cache, where the configuration says it: `{{ cache.url }}`. */
const cacheOf = (settings: unknown): Readonly<Record<string, unknown>> => {
  const parsed = z
    .looseObject({ cache: z.looseObject({ host: z.string(), port: z.number().default(3128) }) })
    .safeParse(settings)
  if (!parsed.success) return {}
  const { host, port } = parsed.data.cache
  return { cache: { host, port, url: `http://${host}:${port}` } }
}

/** `squid:` belongs to another package, which checks it. */
export const feature = defineFeature({
  schema: z.unknown().describe('package cache; see @bootwire/squid-rules'),
  delegates: {
    squid: async (args, host) => (await import('./command.ts')).squidMain(args, host),
  },
  open: (settings) => ({
    values: cacheOf(settings),
    check: ({ report }) => {
      // What works but deserves a thought is for the package's own commands to tell.
      for (const { path, message, severity } of validate(settings))
        if (severity !== 'warning') report(path, message)
    },
  }),
})
