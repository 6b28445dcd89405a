import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { generate } from '../generate/generate.ts'
import { forThisHost } from '../operate/for-this-host.ts'
import { writeFiles } from '../operate/write-files.ts'
import { optionsFrom } from './rules.ts'

const DEFAULT_FOLDER = 'bootwire-squid'

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
    const { files, warnings } = generate(forThisHost(rules, out ?? DEFAULT_FOLDER, warn))
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
