import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { checkFetched } from '../verified/check.ts'
import { createFetch } from '../verified/fetch.ts'
import { writeManifest } from '../verified/indexer.ts'
import { DEFAULT_INDEXES, readManifest } from '../verified/manifest.ts'
import { openVerified, readTable } from '../verified/open.ts'
import { linesOf } from './log-lines.ts'
import { optionsFrom } from './rules.ts'

export const check: Command = defineCommand({
  summary: 'mode "verified": holds what the cache has fetched against the indexes',
  description:
    'Reads the access log: a fresh answer of another size than its index names is dropped at once, every other is read back from the cache and hashed. Runs on the cache host, as only that may purge. A mirror on probation whose files are right is trusted; one with a wrong file is out.',
  positionals: 'RULES ACCESS_LOG…',
  options: {
    squid: { value: 'HOST:PORT', summary: 'the cache', default: '127.0.0.1:3128' },
  },
  async run({ positionals: [file, ...logs], options: { squid }, print, warn }) {
    const { mode, indexes = DEFAULT_INDEXES } = await optionsFrom(file, warn)
    if (mode !== 'verified') throw new UsageError(`${file}: mode is not "verified"`)
    const engine = openVerified(indexes)
    const sizes = engine.repositories.map(({ about }) => readTable(indexes, about.sizes))
    const before = readManifest(indexes)
    const found = await checkFetched(engine, sizes, linesOf(logs), createFetch(squid), before)
    if (JSON.stringify(found.manifest) !== JSON.stringify(before))
      writeManifest(indexes, found.manifest)
    print(
      `${found.right} files are what their index names, ${found.spoilt.length} are not, ${found.gone} are no more in the cache`,
    )
    for (const { url, why, purged } of found.spoilt)
      print(
        `wrong ${why}: ${url}${purged ? ', dropped' : ', NOT dropped: is this the cache host?'}`,
      )
    return found.spoilt.length > 0 ? 1 : 0
  },
})
