import { defineCommand, type Command } from '@bootwire-internal/cli'

import { createEngine } from '../engine/engine.ts'
import { explain, type Explanation } from '../engine/explain.ts'
import { compileRules } from '../generate/generate.ts'
import { settingsOf } from '../options/cache-defaults.ts'
import type { Options } from '../options/options.ts'
import { DEFAULT_INDEXES } from '../verified/manifest.ts'
import { openVerified } from '../verified/open.ts'
import { optionsFrom, RULES_OPTION } from './rules.ts'

const textOf = ({ url, class: kind, key, storedAs, reasons }: Explanation): string =>
  [
    url,
    `  class  ${kind}`,
    `  key    ${key ?? 'none: the URL stays its own key'}`,
    ...(storedAs !== undefined && storedAs !== key ? [`  stored ${storedAs}`] : []),
    ...reasons.map(({ code, message }) => `  ${code.padEnd(12)} ${message}`),
  ].join('\n')

/** What mode `verified` makes of a URL. */
const verifiedText = (url: string, folder: string): string => {
  const match = openVerified(folder).find(url)
  if (!match) return `${url}\n  class  unknown\n  key    none: no verified index names it`
  const { repository, state, mirror, path, sha256 } = match
  return [
    url,
    '  class  hash',
    `  key    ${state === 'trusted' ? `sha256 ${sha256}` : `none: ${mirror} is ${state === 'out' ? 'out, it sent other bytes' : 'on probation'}`}`,
    `  index  ${repository.about.name}, grade ${repository.about.grade}${repository.about.signedBy === undefined ? '' : `, key ${repository.about.signedBy}`}`,
    `  path   ${path} below ${mirror}`,
    '  bytes  what they should be; bootwire-squid check holds the cache against it',
  ].join('\n')
}

/** Whether clients may fetch it at all is another question than its key. */
const reach = (options: Options, { reasons }: Explanation): string[] =>
  settingsOf(options).access === 'strict' && reasons.some(({ code }) => code === 'no-mirror')
    ? [
        '  refused      access is "strict" and its host is no mirror; alsoAllow lets clients fetch from it',
      ]
    : []

export const explainCommand: Command = defineCommand({
  summary: 'tells the class, rule and key of a URL, or why it has none',
  positionals: 'URL…',
  options: { rules: RULES_OPTION, json: { summary: 'print data' } },
  async run({ positionals: urls, options: { rules, json }, print, printJson, warn }) {
    const options = await optionsFrom(rules, warn)
    if (options.mode === 'verified') {
      for (const url of urls) print(verifiedText(url, options.indexes ?? DEFAULT_INDEXES))
      return
    }
    const engine = createEngine(compileRules(options))
    const found = urls.map((url) => explain(engine, url))
    if (json) printJson(found)
    else print(found.map((each) => [textOf(each), ...reach(options, each)].join('\n')).join('\n\n'))
  },
})
