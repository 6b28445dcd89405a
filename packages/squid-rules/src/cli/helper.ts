import { defineCommand, wholeNumber, type Command } from '@bootwire-internal/cli'

import { runHelper, type HelperOptions } from '../helper/run.ts'

const MAX_STATS_SECONDS = 86_400

export const helperCommand = (kind: HelperOptions['kind'], summary: string): Command =>
  defineCommand({
    summary,
    positionals: 'RULES',
    options: {
      stats: {
        value: 'SECONDS',
        summary: 'a line of counters to stderr this often, and one at the end',
        read: wholeNumber(1, MAX_STATS_SECONDS, 'seconds'),
      },
    },
    run: ({ positionals: [file], options: { stats } }) =>
      runHelper({ file, kind, ...(stats === undefined ? {} : { statsSeconds: stats }) }),
  })
