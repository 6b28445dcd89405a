import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { parseLogLine } from '../operate/access-log.ts'
import { createFetch } from '../verified/fetch.ts'
import { indexOnce, rootsSeen } from '../verified/indexer.ts'
import { DEFAULT_INDEXES, readManifest } from '../verified/manifest.ts'
import { linesOf } from './log-lines.ts'
import { optionsFrom } from './rules.ts'

/**
 * URLs that the log says were answered.
 * @yields one URL
 */
const urlsOf = function* (files: readonly string[]): Generator<string> {
  for (const line of linesOf(files)) {
    const entry = parseLogLine(line)
    if (entry && (entry.status === 200 || entry.status === 304)) yield entry.url
  }
}

export const indexCommand: Command = defineCommand({
  summary: 'mode "verified": reads signed indexes and writes what their files hash to',
  description:
    'Reads the indexes of RULES\' key "signed" once, through the cache where --squid names it, checks their signatures and writes tables that the helper takes within a second. Mirrors whose index clients have fetched (--access-log) are learnt, on probation. Meant for a timer.',
  positionals: 'RULES',
  options: {
    squid: { value: 'HOST:PORT', summary: 'fetch through this cache' },
    'access-log': { value: 'FILE', summary: 'learn mirrors from it', multiple: true },
  },
  async run({ positionals: [file], options, print, warn }) {
    const { mode, signed = [], indexes = DEFAULT_INDEXES } = await optionsFrom(file, warn)
    if (mode !== 'verified') throw new UsageError(`${file}: mode is not "verified"`)
    let failures = 0
    const manifest = await indexOnce({
      sources: signed,
      seenRoots: rootsSeen(urlsOf(options['access-log'] ?? [])),
      folder: indexes,
      fetch: createFetch(options.squid),
      nowMs: Date.now(),
      before: readManifest(indexes),
      say: (code, message) => {
        if (code === 'not-verified' || code === 'replay' || code === 'missing') failures++
        warn(`${code}: ${message}`)
      },
    })
    for (const { name, grade, entries, places } of manifest.repositories)
      print(
        `${name}: ${entries} files, grade ${grade}; ${places.map(({ mirror, state }) => `${mirror} (${state})`).join(', ')}`,
      )
    return failures > 0 ? 1 : 0
  },
})
