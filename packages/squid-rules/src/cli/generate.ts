import { hostname, networkInterfaces } from 'node:os'
import { resolve } from 'node:path'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { generate } from '../generate/generate.ts'
import type { CacheOptions, Options } from '../options/options.ts'
import { optionsFrom } from './rules.ts'
import { squidBuild, tlsSentence } from './squid-build.ts'
import { writeFiles } from './write-files.ts'

const DEFAULT_FOLDER = 'bootwire-squid'

/** The addresses of this host that are not near anyhow: a cache must not be asked to fetch from itself. */
const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).flatMap(({ address, internal, scopeid }) =>
      internal || (scopeid ?? 0) > 0 ? [] : [address],
    ),
  )

/** What this host knows and the rules leave open. */
const completed = (options: Options, folder: string, warn: (line: string) => void): Options => {
  const { cache = {} } = options
  const wantsTls =
    cache.sites?.some(({ origin }) => origin.startsWith('https://')) === true ||
    Object.values(options.origins ?? {}).some((origin) => origin.startsWith('https://'))
  const build = wantsTls && cache.tls === undefined ? squidBuild() : undefined
  if (build) warn(tlsSentence(build))
  const never = cache.never ?? ownAddresses()
  const isWhole = cache.form !== 'snippet'
  const more: CacheOptions = {
    directory: resolve(folder),
    ...(isWhole && { host: hostname().toLowerCase() }),
    ...(build && { tls: build.tls }),
  }
  return { ...options, cache: { ...more, ...cache, ...(never.length > 0 && { never }) } }
}

export const generateCommand: Command = defineCommand({
  summary: 'writes squid.conf, storeid.db, rules.json and client files',
  description:
    "Writes all files that Squid, its helper and its clients need. The files' own folder, this host's name and its addresses (never fetched from) are put in where RULES does not say.",
  positionals: '[RULES]',
  options: {
    out: { value: 'FOLDER', summary: `where to; default ${DEFAULT_FOLDER}` },
    only: { value: 'FILE', summary: 'print one of the files instead' },
  },
  async run({ positionals: [file], options: { out, only }, print, warn, stdout }) {
    const rules = await optionsFrom(file, warn)
    const { files, warnings } = generate(completed(rules, out ?? DEFAULT_FOLDER, warn))
    for (const { path, message } of warnings) warn(`warning: ${path.join('.')}: ${message}`)
    if (only !== undefined) {
      const text = Object.hasOwn(files, only) ? files[only] : undefined
      if (text === undefined)
        throw new UsageError(`no file "${only}"; there are ${Object.keys(files).join(', ')}`)
      stdout.write(text)
      return
    }
    for (const name of writeFiles(out ?? DEFAULT_FOLDER, files)) print(name)
  },
})
