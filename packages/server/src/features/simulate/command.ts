import { defineCommand, type Command } from '@bootwire-internal/cli'

import type { Status } from '../../boot/status.ts'
import { MACHINE_OPTIONS, machineFacts } from '../../commands/machine-options.ts'
import { readMac } from '../../commands/machine.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS } from '../../commands/remote.ts'
import { harmless } from '../../log/harmless.ts'
import { simulateBoot } from './boot.ts'
import { MODELS } from './firmware.ts'

/** `bootwire simulate` */
export const simulateCommand: Command = defineCommand({
  summary: 'walk a whole boot against the running daemon, without a machine',
  description:
    'Walks a whole boot against the running daemon, without a machine: DHCP by a model of real firmware, then TFTP, HTTP and the script for real. It counts for nothing: no machine is taken for booted or installed by it. Exits 0 when what was decided would boot, and 1 where a file of it is missing.',
  options: {
    as: {
      value: 'KIND',
      summary: 'what the machine is',
      choices: Object.keys(MODELS),
      default: 'uefi-x64',
    },
    ...MACHINE_OPTIONS,
    mac: { ...MACHINE_OPTIONS.mac, default: '52:54:00:12:34:56', read: readMac },
    json: { summary: 'the timeline as data' },
    ...REMOTE_OPTIONS,
  },
  run: async ({ options: values, print, printJson }) => {
    const { as: kind, mac } = values
    const daemon = findDaemon(values)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `statusOf` in the daemon
    const { ports, base } = (await askDaemon(daemon, '/status')) as Status
    const { mac: _mac, ...facts } = machineFacts(values)
    const ask = async (packet: Uint8Array, port: 67 | 4011): Promise<Uint8Array | undefined> => {
      const query = { packet: Buffer.from(packet).toString('hex'), port: String(port) }
      const answer = await askDaemon(daemon, '/explain', query)
      const reply: unknown =
        typeof answer === 'object' && answer !== null && 'reply' in answer
          ? answer.reply
          : undefined
      return typeof reply === 'string' ? Buffer.from(reply, 'hex') : undefined
    }
    const boot = await simulateBoot({
      kind,
      machine: { mac, ...(values.uuid !== undefined && { uuid: values.uuid.replaceAll('-', '') }) },
      facts,
      address: new URL(base).hostname,
      tftpPort: ports.tftp,
      ask,
    })
    const lines = boot.steps.map(
      ({ stage, text, ms }) => `${String(ms).padStart(6)} ms  ${stage.padEnd(6)} ${harmless(text)}`,
    )
    if (values.json) printJson(boot)
    else print(lines.join('\n'))
    return boot.ok ? 0 : 1
  },
})
