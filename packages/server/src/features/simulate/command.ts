import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { MACHINE_OPTIONS, machineFacts } from '../../commands/machine-options.ts'
import { readMac } from '../../commands/machine.ts'
import { findDaemon, REMOTE_OPTIONS } from '../../commands/remote.ts'
import { harmless } from '../../log/harmless.ts'
import { simulateAll, type BootOfMachine } from './all.ts'
import { groundOf, simulateOn } from './daemon.ts'
import { KINDS } from './firmware.ts'

const DEFAULT_KIND = 'uefi-x64'
const DEFAULT_MAC = '52:54:00:12:34:56'

const lineOf = ({ machine, as, mac, profile = '-', failure }: BootOfMachine): string => {
  const end = failure === undefined ? 'ok' : `FAILED, ${failure.stage}: ${failure.reason}`
  return harmless(`${machine}  ${mac}  ${as}  ${profile}: ${end}`)
}

/** `bootwire simulate` */
export const simulateCommand: Command = defineCommand({
  summary: 'walk a whole boot against the running daemon, without a machine',
  description:
    'Walks a whole boot against the running daemon, without a machine: DHCP by a model of real firmware, then TFTP, HTTP and the script for real. It counts for nothing: no machine is taken for booted or installed by it. Exits 0 only where what was decided would boot, and 1 where it would not, with stage and reason. With --all it walks every machine of the configuration, on BIOS and on UEFI, or on the firmware of the CPU that its kernel is for.',
  options: {
    all: { summary: 'every machine of the configuration' },
    as: {
      value: 'KIND',
      summary: `what the machine is; default: ${DEFAULT_KIND}, with --all every firmware it can have`,
      choices: Object.keys(KINDS),
    },
    ...MACHINE_OPTIONS,
    mac: {
      ...MACHINE_OPTIONS.mac,
      summary: `${MACHINE_OPTIONS.mac.summary}; default: ${DEFAULT_MAC}`,
      read: readMac,
    },
    json: { summary: 'the same as data' },
    ...REMOTE_OPTIONS,
  },
  run: async ({ options: values, print, printJson }) => {
    const { as, mac = DEFAULT_MAC, uuid, all } = values
    const { mac: _mac, uuid: _uuid, ...facts } = machineFacts(values)
    const named = Object.keys(machineFacts(values))
    if (all && named.length > 0)
      throw new UsageError(`--all walks every machine; leave out --${named.join(', --')}`)
    const ground = await groundOf(findDaemon(values))
    if (all) {
      const boots = await simulateAll(ground, as, (boot) => {
        if (!values.json) print(lineOf(boot))
      })
      const failed = boots.filter(({ ok }) => !ok).length
      const ok = boots.length > 0 && failed === 0
      if (values.json) printJson({ ok, boots })
      else if (boots.length === 0) print('the configuration names no machine: nothing was walked')
      else print(`${boots.length} boots, ${failed} failed`)
      return ok ? 0 : 1
    }
    const machine = { mac, ...(uuid !== undefined && { uuid }), facts }
    const boot = await simulateOn(ground, as ?? DEFAULT_KIND, machine)
    const lines = boot.steps.map(
      ({ stage, text, ms }) => `${String(ms).padStart(6)} ms  ${stage.padEnd(6)} ${harmless(text)}`,
    )
    if (values.json) printJson(boot)
    else print(lines.join('\n'))
    return boot.ok ? 0 : 1
  },
})
