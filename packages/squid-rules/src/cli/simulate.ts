import { defineCommand, type Command } from '@bootwire-internal/cli'

import { LOG_FORMATS } from '../operate/access-log.ts'
import { simulate as replay } from '../operate/replay-log.ts'
import { linesOf } from './log-lines.ts'
import { engineFrom, RULES_OPTION } from './rules.ts'

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

export const simulate: Command = defineCommand({
  summary: 'bytes that the rules would save, duplicates, collisions, denied hosts',
  description: `Reads access logs in the formats ${LOG_FORMATS}, packed with gzip or not.`,
  positionals: 'ACCESS_LOG…',
  options: { rules: RULES_OPTION, json: { summary: 'print data' } },
  async run({ positionals: files, options: { rules, json }, print, printJson, warn }) {
    const found = replay(await engineFrom(rules, warn), linesOf(files))
    if (json) printJson(found)
    else {
      print(`${found.requests} requests, ${megabytes(found.bytes)}; ${found.unread} lines not read`)
      if (found.unread > 0) print(`  formats that are read: ${LOG_FORMATS}`)
      print(`${found.keyed} have a key; ${megabytes(found.savedBytes)} need not have been fetched`)
      print(`${found.duplicates} files came from more than one mirror`)
      print(`${found.bypassed} went past the helper, ${megabytes(found.bypassedBytes)}`)
      for (const { host, count } of found.denied) print(`denied: ${host}, ${count} times`)
      for (const { key, sizes, urls } of found.collisions)
        print(`collision: ${key}: ${sizes.join(', ')} bytes from ${urls.join(' ')}`)
    }
    return found.collisions.length > 0 || found.requests === 0 ? 1 : 0
  },
})
