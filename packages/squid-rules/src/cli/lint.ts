import { readFileSync } from 'node:fs'

import { defineCommand, type Command } from '@bootwire-internal/cli'

import type { Finding } from '../lint-finding.ts'
import { lintFile } from '../operate/lint-file.ts'
import { emulate, runnable } from '../storeid-db/emulate.ts'
import { parseStoreIdDb } from '../storeid-db/parse.ts'

const findingText = (file: string, { line, code, severity, message, instead }: Finding): string =>
  `${file}:${line}: ${severity} ${code}: ${message}${instead === undefined ? '' : `\n    instead: ${instead}`}`

/** What the stock helper would answer, with the extras that Squid sends. */
const tryUrl = (file: string, url: string): string => {
  const rows = runnable(parseStoreIdDb(readFileSync(file, 'latin1')).rows)
  const found = emulate(rows, `${url} 10.0.0.9/- - GET myip=10.0.0.1 myport=3128`)
  return `${file}: ${url} -> ${found ? `${found.key} (line ${found.row.line})` : 'ERR'}`
}

export const lint: Command = defineCommand({
  summary: 'names dead, wrong, dangerous and slow lines, and says what to write instead',
  description: 'A file is known by what is in it: squid.conf or storeid.db, whatever it is called.',
  positionals: 'FILE…',
  options: {
    url: { value: 'URL', summary: 'tell what the stock helper answers to it', multiple: true },
    as: { choices: ['squid-conf', 'storeid-db'], summary: 'what the files are' },
    json: { summary: 'print data' },
  },
  run({ positionals: files, options: { url, as, json }, print, printJson }) {
    for (const each of url ?? []) for (const file of files) print(tryUrl(file, each))
    const all = files.flatMap((file) =>
      lintFile(readFileSync(file, 'latin1'), as).map((finding) => ({ file, ...finding })),
    )
    if (json) printJson(all)
    else print(all.map((each) => findingText(each.file, each)).join('\n') || 'nothing to say')
    return all.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})
