import { defineCommand, UsageError, type Command, type Options } from '@bootwire-internal/cli'

import { normalizeMac } from '../decide/facts.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS } from './remote.ts'

/** Reads a hardware address in any usual spelling. */
export const readMac = (text: string): string => {
  const mac = normalizeMac(text)
  if (mac !== undefined) return mac
  throw new UsageError('is no hardware address such as 52:54:00:12:34:56')
}

const OPTIONS = {
  mac: { value: 'MAC', summary: 'the machine', required: true, read: readMac },
  ...REMOTE_OPTIONS,
} as const satisfies Options

/** `bootwire next` */
export const next: Command = defineCommand({
  summary: "boot a profile at a machine's next boot only",
  options: {
    profile: { value: 'NAME', summary: 'the profile to boot once', required: true },
    ...OPTIONS,
  },
  run: async ({ options: { mac, profile, ...where }, print }) => {
    await askDaemon(findDaemon(where), `/machines/${mac}/next`, { profile }, 'POST')
    print(`${mac} boots "${profile}" next`)
  },
})

/** `bootwire forget` */
export const forget: Command = defineCommand({
  summary: 'forget that a machine is installed',
  description: 'Forgets that a machine is installed: a profile with `once` installs it again.',
  options: OPTIONS,
  run: async ({ options: { mac, ...where }, print }) => {
    await askDaemon(findDaemon(where), `/machines/${mac}/forget`, {}, 'POST')
    print(`${mac} is forgotten`)
  },
})
