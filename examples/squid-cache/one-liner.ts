import { readFileSync } from 'node:fs'

import {
  compileRules,
  createEngine,
  explain,
  lintStoreIdDb,
  type Explanation,
  type Finding,
  type Options,
} from '@bootwire/squid-rules'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

/** What `bootwire-squid lint one-liner.db` finds. */
export const findings = (): Finding[] => lintStoreIdDb(read('one-liner.db'))

/** The options that replace it: `bootwire-squid generate squid.json`. */
export const options: Options = JSON.parse(read('squid.json'))

/** What the generated rules make of a URL: `bootwire-squid explain URL --rules squid.json`. */
export const explained = (url: string): Explanation =>
  explain(createEngine(compileRules(options)), url)

const ONE_LINER = /\/([0-9.-]+)\/([a-z]+)\/(x86_64|i386)\/(.*\.d?rpm)/

/** What the one-liner makes of a URL. */
export const oneLinerKey = (url: string): string | undefined => {
  const match = ONE_LINER.exec(url)
  return match ? `http://rpmcache.squid.internal/${match.slice(1).join('/')}` : undefined
}
