import { defineCommand, type Command } from '@bootwire-internal/cli'

import { rememberedOf } from '../boot/machines.ts'
import { harmless } from '../log/harmless.ts'
import type { MachineRecord } from '../state/machine-record.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS, type Daemon } from './remote.ts'

/** The records that the daemon has. */
export const askRecords = async (daemon: Daemon): Promise<readonly MachineRecord[]> => {
  const answer = await askDaemon(daemon, '/machines')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `machinesOf` in the daemon
  return (answer as { readonly machines: readonly MachineRecord[] }).machines
}

const stateOf = (record: MachineRecord): string => {
  const { installed, asked, held, conflict, next } = rememberedOf(record)
  const words = [
    ...(conflict === undefined ? [] : [`CONFLICT: ${conflict}; merge or split`]),
    ...(held === undefined ? [] : [`held ${held}`]),
    ...(asked === undefined ? [] : [`to be installed, asked by ${asked}`]),
    ...(next === undefined ? [] : [`next boot "${next}"`]),
    ...(record.pending ? [`installing "${record.pending.profile}"`] : []),
    ...(installed === undefined ? [] : [`installed "${installed}"`]),
  ]
  return words.join(', ') || `${record.boots} boots`
}

const show = (records: readonly MachineRecord[]): string => {
  if (records.length === 0) return 'no machine is remembered yet\n'
  const rows = records.flatMap((record) => {
    const { id, identities } = record
    const { name = '-' } = rememberedOf(record)
    const others = identities.filter((each) => !each.startsWith('name:')).map(harmless)
    return [
      `${id.padEnd(16)}  ${harmless(name).padEnd(16)}  ${harmless(stateOf(record))}`,
      `    ${others.join(' ')}`,
    ]
  })
  return `${[`${'id'.padEnd(16)}  ${'name'.padEnd(16)}  state`, ...rows].join('\n')}\n`
}

/** `bootwire list` */
export const listCommand: Command = defineCommand({
  summary: 'machines that are remembered, and what of them',
  description:
    'Lists every machine that is remembered, with all it was ever known by. Those of which it is not clear which is which come first; `bootwire merge` and `bootwire split` settle that.',
  options: { json: { summary: 'the records as data' }, ...REMOTE_OPTIONS },
  run: async ({ options, stdout, printJson }) => {
    const records = await askRecords(findDaemon(options))
    if (options.json) printJson(records)
    else stdout.write(show(records))
  },
})
