import { parseArgs } from 'node:util'

import { createEngine } from '../engine/engine.ts'
import { explain, type Explanation } from '../engine/explain.ts'
import { compileRules, generate } from '../generate/generate.ts'
import { runHelper, type HelperOptions } from '../helper/run.ts'
import { doctor, importCommand, lint, simulateCommand } from './inspect.ts'
import { optionsFrom, print, type Command } from './shared.ts'
import { UsageError } from './usage.ts'
import { writeFiles } from './write-files.ts'

const generateCommand: Command = {
  usage: '[RULES] [--out FOLDER] [--only FILE]',
  what: 'writes squid.conf, storeid.db, rules.json and client snippets',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: 'string' }, only: { type: 'string' } },
    })
    const { files } = generate(await optionsFrom(positionals[0]))
    if (values.only !== undefined) {
      const text = Object.hasOwn(files, values.only) ? files[values.only] : undefined
      if (text === undefined)
        throw new UsageError(`no file "${values.only}"; there are ${Object.keys(files).join(', ')}`)
      process.stdout.write(text)
      return 0
    }
    const folder = values.out ?? 'bootwire-squid'
    for (const file of writeFiles(folder, files)) print(file)
    return 0
  },
}

const explanationText = ({ url, class: kind, key, storedAs, reasons }: Explanation): string =>
  [
    url,
    `  class  ${kind}`,
    `  key    ${key ?? 'none: the URL stays its own key'}`,
    ...(storedAs !== undefined && storedAs !== key ? [`  stored ${storedAs}`] : []),
    ...reasons.map(({ code, message }) => `  ${code.padEnd(12)} ${message}`),
  ].join('\n')

const explainCommand: Command = {
  usage: 'URL... [--rules RULES] [--json]',
  what: 'tells the class, rule and key of a URL, or why it has none',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { rules: { type: 'string' }, json: { type: 'boolean' } },
    })
    if (positionals.length === 0) throw new UsageError('no URL to explain')
    const engine = createEngine(compileRules(await optionsFrom(values.rules)))
    const found = positionals.map((url) => explain(engine, url))
    print(values.json ? JSON.stringify(found, null, 2) : found.map(explanationText).join('\n\n'))
    return 0
  },
}

const helperCommand = (kind: HelperOptions['kind'], what: string): Command => ({
  usage: 'RULES [--stats SECONDS]',
  what,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { stats: { type: 'string' } },
    })
    const [file] = positionals
    if (file === undefined) throw new UsageError('no RULES file')
    const statsSeconds = values.stats === undefined ? undefined : Number(values.stats)
    if (statsSeconds !== undefined && !(statsSeconds >= 1)) {
      throw new UsageError(`--stats ${values.stats} is not a number of seconds from 1 on`)
    }
    await runHelper({ file, kind, ...(statsSeconds === undefined ? {} : { statsSeconds }) })
    return 0
  },
})

export const COMMANDS: Readonly<Record<string, Command>> = {
  generate: generateCommand,
  explain: explainCommand,
  lint,
  simulate: simulateCommand,
  doctor,
  import: importCommand,
  storeid: helperCommand('storeid', 'the StoreID helper that Squid starts'),
  rewrite: helperCommand('rewrite', 'the url_rewrite helper of mode "pinned"'),
}
