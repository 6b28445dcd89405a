import {
  defineCli,
  defineCommand,
  packageVersion,
  UsageError,
  type Command,
} from '@bootwire-internal/cli'
import { forThisHost, generate, writeFiles, type Options } from '@bootwire/squid-rules'

import { formatIssue } from '../../config/format.ts'
import { loadFile } from '../../load/load.ts'
import type { Main } from '../../seam/feature.ts'

const DEFAULT_FOLDER = 'bootwire-squid'

/** `bootwire squid generate FILE` */
const generateCommand: Command = defineCommand({
  summary: 'write the files of a Squid from the key `squid` of a configuration',
  description:
    'Writes squid.conf, storeid.db, rules.json and client files as the key `squid` of FILE says. The folder of the files, this host’s name and its addresses (never fetched from) are put in where it does not say.',
  positionals: 'FILE',
  options: {
    out: { value: 'FOLDER', summary: `where to; default ${DEFAULT_FOLDER}` },
    only: { value: 'NAME', summary: 'print one of the files instead' },
  },
  run: async ({ positionals: [file], options, print, warn, stdout, stderr }) => {
    const { out = DEFAULT_FOLDER, only } = options
    // The table of features names this one.
    const { FEATURES } = await import('../index.ts')
    const loaded = await loadFile(file, { features: FEATURES })
    if (!loaded.ok) {
      stderr.write(`${loaded.issues.map(formatIssue).join('\n')}\n`)
      return 2
    }
    const { squid } = loaded.plan.features
    if (squid === undefined)
      throw new UsageError(`${file} has no key "squid"; \`squid: {}\` takes the whole catalogue`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the feature's check has validated it
    const { files, warnings } = generate(forThisHost(squid as Options, out, warn))
    for (const { path, message } of warnings) warn(`warning: squid.${path.join('.')}: ${message}`)
    if (only === undefined) {
      for (const name of writeFiles(out, files)) print(name)
      return 0
    }
    const text = Object.hasOwn(files, only) ? files[only] : undefined
    if (text === undefined)
      throw new UsageError(`no file "${only}"; there are ${Object.keys(files).join(', ')}`)
    stdout.write(text)
    return 0
  },
})

const { main } = defineCli({
  name: 'bootwire squid',
  version: packageVersion(import.meta.url),
  summary: 'StoreID rules for Squid',
  commands: {
    generate: { summary: generateCommand.summary, load: () => Promise.resolve(generateCommand) },
  },
  reportOf: () => undefined,
})

/** The whole of `bootwire-squid`; what generates from a YAML file takes the daemon's configuration. */
export const squidMain: Main = async (args, host) => {
  const isOurs = args[0] === 'generate' && args.some((arg) => /\.ya?ml$/i.test(arg))
  return (isOurs ? main : (await import('@bootwire/squid-rules/cli')).main)(args, host)
}
