import { defineCommand, type Command } from '@bootwire-internal/cli'

import type { Status } from '../boot/status.ts'
import { harmless } from '../log/harmless.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS } from './remote.ts'

/** The time of day here. */
const clockOf = (iso: string | undefined): string =>
  iso === undefined ? '-'.padEnd(8) : new Date(iso).toTimeString().slice(0, 8)

const show = ({
  base,
  upSeconds,
  configuration,
  machines,
  state,
  droppedEvents,
}: Status): string => {
  const { source, revision, rejected, restartNeeded } = configuration
  const lines = [`${base}, up ${upSeconds} s, configuration ${source} (${revision})`]
  if (rejected) {
    lines.push(`the change of ${rejected.at} was refused, the configuration before it is in force:`)
    for (const problem of rejected.problems) lines.push(`  ${harmless(problem)}`)
  }
  if (restartNeeded.length > 0) lines.push(`restart needed for: ${restartNeeded.join(', ')}`)
  if (state.machines >= 0.9 * state.limit)
    lines.push(`${state.machines} of at most ${state.limit} machines are remembered`)
  if (droppedEvents > 0)
    lines.push(`${droppedEvents} events were dropped: the log's reader is too slow`)
  lines.push(
    '',
    machines.length === 0
      ? 'no machine has been seen yet'
      : 'mac                name              outcome     profile           since     why',
  )
  for (const machine of machines) {
    const {
      mac,
      name = '-',
      outcome,
      because,
      profile = '-',
      since,
      installed,
      held,
      conflict,
    } = machine
    const why = because ?? machine.why ?? ''
    const also = [
      ...(installed === undefined ? [] : [`installed: ${installed}`]),
      ...(held === undefined ? [] : [`held ${held}`]),
      ...(conflict === undefined ? [] : [`conflict: ${conflict}`]),
    ]
    const more = also.length === 0 ? '' : ` (${harmless(also.join('; '))})`
    const row = [mac, name.padEnd(16), outcome.padEnd(10), profile.padEnd(16), clockOf(since)]
    lines.push(`${row.join('  ')}  ${harmless(why)}${more}`)
  }
  return `${lines.join('\n')}\n`
}

/** `bootwire status` */
export const statusCommand: Command = defineCommand({
  summary: 'machines seen by the running daemon, where they are, and why',
  description:
    'Asks the running daemon for the machines it has seen, where each is in its boot, and why.',
  options: { json: { summary: 'the same as data' }, ...REMOTE_OPTIONS },
  run: async ({ options, stdout, printJson }) => {
    const status = await askDaemon(findDaemon(options), '/status')
    if (options.json) printJson(status)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `statusOf` in the daemon
    else stdout.write(show(status as Status))
  },
})
