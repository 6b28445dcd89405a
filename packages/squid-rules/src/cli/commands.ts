import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { createEngine } from '../engine/engine.ts'
import { explain, type Explanation } from '../engine/explain.ts'
import { compileRules, generate } from '../generate.ts'
import { runHelper, type HelperOptions } from '../helper/run.ts'
import { doctor, importCommand, lint, simulateCommand } from './inspect.ts'
import { optionsFrom, RULES } from './shared.ts'
import { writeFiles } from './write-files.ts'

const generateCommand = defineCommand({
  summary: 'write squid.conf, storeid.db, rules.json and client snippets',
  positionals: '[RULES]',
  options: {
    out: { value: 'FOLDER', summary: 'where to write them', default: 'bootwire-squid' },
    only: { value: 'FILE', summary: 'print this one instead' },
  },
  run: async ({ options: { out, only }, positionals: [rules], stdout, print, warn }) => {
    const { files } = generate(await optionsFrom(rules, warn))
    if (only === undefined) {
      for (const file of writeFiles(out, files)) print(file)
      return
    }
    const text = Object.hasOwn(files, only) ? files[only] : undefined
    if (text === undefined)
      throw new UsageError(`no file "${only}"; there are ${Object.keys(files).join(', ')}`)
    stdout.write(text)
  },
})

const explanationText = ({ url, class: kind, key, storedAs, reasons }: Explanation): string =>
  [
    url,
    `  class  ${kind}`,
    `  key    ${key ?? 'none: the URL stays its own key'}`,
    ...(storedAs !== undefined && storedAs !== key ? [`  stored ${storedAs}`] : []),
    ...reasons.map(({ code, message }) => `  ${code.padEnd(12)} ${message}`),
  ].join('\n')

const explainCommand = defineCommand({
  summary: 'tell the class, rule and key of a URL, or why it has none',
  positionals: 'URL…',
  options: { rules: RULES, json: { summary: 'as JSON' } },
  run: async ({ options: { rules, json }, positionals, print, printJson, warn }) => {
    const engine = createEngine(compileRules(await optionsFrom(rules, warn)))
    const found = positionals.map((url) => explain(engine, url))
    if (json) printJson(found)
    else print(found.map(explanationText).join('\n\n'))
  },
})

const readSeconds = (text: string): number => {
  const seconds = Number(text)
  if (seconds >= 1) return seconds
  throw new UsageError('is not a number of seconds from 1 on')
}

const helperCommand = (kind: HelperOptions['kind'], summary: string): Command =>
  defineCommand({
    summary,
    positionals: 'RULES',
    options: {
      stats: {
        value: 'SECONDS',
        summary: 'print counters to cache.log this often',
        read: readSeconds,
      },
    },
    run: async ({ options: { stats }, positionals: [file] }) => {
      await runHelper({ file, kind, ...(stats !== undefined && { statsSeconds: stats }) })
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
