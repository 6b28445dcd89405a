import { defineCommand, type Command } from '@bootwire-internal/cli'

import { LOG_FORMATS } from '../operate/access-log.ts'
import { learn } from '../operate/learn.ts'
import { linesOf } from './log-lines.ts'
import { engineFrom, RULES_OPTION } from './rules.ts'
import { megabytes } from './simulate.ts'

export const learnCommand: Command = defineCommand({
  summary: 'proposes mirrors that clients use and the rules do not know',
  description: `Reads access logs (${LOG_FORMATS}, .gz too) and finds hosts with the layout of a known repository. Prints the key "mirrors" for RULES, and beside each mirror the bytes that one copy would have saved.`,
  positionals: 'ACCESS_LOG…',
  options: { rules: RULES_OPTION, json: { summary: 'print data' } },
  async run({ positionals: files, options: { rules, json }, print, printJson, warn }) {
    const found = learn(await engineFrom(rules, warn), linesOf(files))
    if (json) printJson(found)
    else {
      const mirrors: Record<string, string[]> = {}
      for (const { repository, mirror, requests, bytes, savedBytes } of found.lessons) {
        ;(mirrors[repository] ??= []).push(mirror)
        warn(
          `${mirror}: ${repository}, ${requests} files, ${megabytes(bytes)}, of which ${megabytes(savedBytes)} had come before`,
        )
      }
      for (const { mirror, repositories } of found.doubtful)
        warn(`${mirror}: could be ${repositories.join(' or ')}; add it by hand`)
      if (found.unread > 0) warn(`${found.unread} lines not read; formats that are: ${LOG_FORMATS}`)
      print(JSON.stringify({ mirrors }, null, 2))
    }
    return found.lessons.length > 0 ? 0 : 1
  },
})
