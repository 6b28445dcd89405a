import { defineCommand, UsageError, type Command, type Options } from '@bootwire-internal/cli'

import { normalizeMac } from '../model/facts.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS } from './remote.ts'

/** Reads a hardware address in any usual spelling. */
export const readMac = (text: string): string => {
  const mac = normalizeMac(text)
  if (mac !== undefined) return mac
  throw new UsageError('is no hardware address such as 52:54:00:12:34:56')
}

const MACHINE =
  'A MACHINE is the name of its entry, a hardware address, a UUID, `serial:NUMBER`, or the id that `bootwire list` shows.'

const OPTIONS = {
  mac: { value: 'MAC', summary: 'the machine, by its hardware address', read: readMac },
  ...REMOTE_OPTIONS,
} as const satisfies Options

interface Where {
  readonly mac?: string | undefined
  readonly url?: string | undefined
  readonly 'data-dir'?: string | undefined
  readonly 'token-file'?: string | undefined
}

const machineOf = (named: string | undefined, mac: string | undefined): string => {
  const machine = named ?? mac
  if (machine === undefined) throw new UsageError('MACHINE is missing')
  if (named !== undefined && mac !== undefined)
    throw new UsageError(`${named} and --mac ${mac} are two machines; name one`)
  return machine
}

/** Orders something, and returns the machine as it was named. */
const order = async (
  named: string | undefined,
  action: string,
  { mac, ...where }: Where,
  details: Readonly<Record<string, string | undefined>> = {},
): Promise<string> => {
  const machine = machineOf(named, mac)
  const path = `/machines/${encodeURIComponent(machine)}/${action}`
  await askDaemon(findDaemon(where), path, details, 'POST')
  return machine
}

/** `bootwire install` */
export const install: Command = defineCommand({
  summary: 'install a machine again, whatever is on its disk',
  description: `Asks for one more installation of a machine: its next boots are the installer, until that reports that it is done. ${MACHINE}`,
  positionals: '[MACHINE]',
  options: {
    profile: {
      value: 'NAME',
      summary: 'the profile to install; default: what the configuration gives it',
    },
    ...OPTIONS,
  },
  run: async ({ positionals: [named], options: { profile, ...where }, print }) => {
    const machine = await order(named, 'install', where, { profile })
    const what = profile === undefined ? '' : ` with "${profile}"`
    print(`${machine} is installed at its next boot${what}`)
  },
})

/** `bootwire next` */
export const next: Command = defineCommand({
  summary: "boot a profile at a machine's next boot only",
  description: `Boots a profile at a machine's next boot only; one that says \`once\` installs it. ${MACHINE}`,
  positionals: '[MACHINE]',
  options: {
    profile: { value: 'NAME', summary: 'the profile to boot once', required: true },
    ...OPTIONS,
  },
  run: async ({ positionals: [named], options: { profile, ...where }, print }) => {
    const machine = await order(named, 'next', where, { profile })
    print(`${machine} boots "${profile}" next`)
  },
})

/** `bootwire forget` */
export const forget: Command = defineCommand({
  summary: 'forget that a machine is installed',
  description: `Forgets that a machine is installed: a profile with \`once\` installs it again. ${MACHINE}`,
  positionals: '[MACHINE]',
  options: OPTIONS,
  run: async ({ positionals: [named], options, print }) => {
    print(`${await order(named, 'forget', options)} is forgotten`)
  },
})

/** `bootwire hold` */
export const hold: Command = defineCommand({
  summary: 'let a machine boot nothing but its disk, until it is released',
  description: `Lets a machine boot nothing but its disk; with --release, what it boots is decided as ever again. ${MACHINE}`,
  positionals: '[MACHINE]',
  options: {
    reason: { value: 'TEXT', summary: "why; shown on the machine's console" },
    release: { summary: 'end it; also of a machine whose installation failed' },
    ...OPTIONS,
  },
  run: async ({ positionals: [named], options: { reason, release, ...where }, print }) => {
    const machine = await order(named, release ? 'release' : 'hold', where, { reason })
    print(`${machine} is ${release ? 'released' : 'held'}`)
  },
})

/** `bootwire merge` */
export const merge: Command = defineCommand({
  summary: 'say that two machines are one',
  description: `Two records become one, with everything that both were known by; it is installed if one of them was. What was asked for either is over: ask again with bootwire install. ${MACHINE}`,
  positionals: 'MACHINE OTHER',
  options: REMOTE_OPTIONS,
  run: async ({ positionals: [machine, from], options, print }) => {
    await order(machine, 'merge', options, { from })
    print(`${from} is ${machine} now`)
  },
})

/** `bootwire split` */
export const split: Command = defineCommand({
  summary: 'say that one machine is two, or that an identity is shared',
  description: `Gives identities of a machine to a machine of their own; with --shared, to none. Both are installed if the one was. ${MACHINE}`,
  positionals: 'MACHINE [IDENTITY…]',
  options: {
    shared: {
      value: 'IDENTITY',
      summary: 'more than one machine has it, so it says nothing of any: uuid:…, serial:…',
    },
    ...REMOTE_OPTIONS,
  },
  run: async ({ positionals: [machine, ...identities], options: { shared, ...where }, print }) => {
    if (shared === undefined && identities.length === 0)
      throw new UsageError('IDENTITY is missing, or --shared')
    await order(machine, 'split', where, { shared, identities: identities.join(',') })
    const what = shared ?? identities.join(', ')
    print(
      shared === undefined ? `${what} is a machine of its own now` : `${what} is of no machine now`,
    )
  },
})
