import { defineCommand, UsageError, wholeNumber, type Command } from '@bootwire-internal/cli'

import { CLIENT_KINDS, clientKindOf } from '../clients/kinds.ts'
import type { Machine } from '../clients/machine.ts'
import { OptionCode } from '../codec/packet.ts'
import { customise } from '../probe/customise.ts'
import { openProbeNetwork } from '../probe/network.ts'
import { probe, type ProbeReport } from '../probe/probe.ts'
import { reportText } from '../probe/report.ts'
import { localAddresses, type LocalAddress } from '../server/host.ts'
import {
  bytesOrText,
  dhcpOption,
  ipv4Address,
  macAddress,
  uuidBytes,
  waitSeconds,
} from './readers.ts'

const KINDS = Object.keys(CLIENT_KINDS)

const chooseAddress = (name: string | undefined, address: string | undefined): LocalAddress => {
  const all = localAddresses().filter((one) => !one.address.startsWith('127.'))
  const list = all.map((one) => `${one.interface} (${one.address})`).join(', ') || 'none'
  const [first, second] = all.filter(
    (one) =>
      (name === undefined || one.interface === name) &&
      (address === undefined || one.address === address),
  )
  if (!first && name === undefined && address === undefined)
    throw new UsageError('this host has no IPv4 address to ask from')
  if (!first)
    throw new UsageError(`no interface of this host is ${name ?? address}; there are: ${list}`)
  if (second)
    throw new UsageError(
      `several addresses to ask from; choose with --interface or --address among: ${list}`,
    )
  return first
}

const OPTIONS = {
  as: { choices: KINDS, multiple: true, required: true, summary: 'which client to be' },
  interface: { value: 'NAME', summary: 'the interface to ask on' },
  address: { value: 'ADDRESS', read: ipv4Address, summary: 'or its IPv4 address' },
  mac: {
    value: 'ADDRESS',
    read: macAddress,
    summary: "hardware address to ask with (default: the interface's)",
  },
  architecture: {
    value: 'CODE',
    read: wholeNumber(0, 65_535),
    summary: 'another code of option 93, and of option 60',
  },
  uuid: { value: 'UUID', read: uuidBytes, summary: 'option 97, its digits as they are sent' },
  'vendor-class': { value: 'TEXT', read: bytesOrText, summary: 'option 60, whole' },
  'user-class': { value: 'TEXT', read: bytesOrText, summary: 'option 77, whole' },
  'client-id': { value: '0xHEX', read: bytesOrText, summary: 'option 61, its type byte first' },
  option: {
    value: 'CODE=VALUE',
    read: dhcpOption,
    multiple: true,
    summary: 'any option, as text or 0x…; an empty value leaves it out',
  },
  relay: {
    value: 'SERVER',
    read: ipv4Address,
    summary: 'ask this server as a relay agent would, instead of by broadcast',
  },
  wait: {
    value: 'SECONDS',
    read: waitSeconds,
    default: '4',
    summary: 'how long to listen for offers (default: 4)',
  },
  json: { summary: 'the report as JSON' },
} as const

/** Asks as one kind of client. */
const ask = async (
  kind: string,
  machine: Machine,
  local: LocalAddress,
  changes: readonly (readonly [number, Uint8Array])[],
  { waitMs, relay }: { readonly waitMs: number; readonly relay: string | undefined },
): Promise<ProbeReport> => {
  const times = { offersMs: waitMs, bootServerMs: 1000 }
  const network = await openProbeNetwork(local.address, { ...times, relay })
  try {
    return await probe(clientKindOf(kind)!.model(machine), (question, stage) =>
      network.exchange({ ...question, payload: customise(question.payload, changes) }, stage),
    )
  } finally {
    await network.close()
  }
}

/** `bootwire-dhcp probe`. */
export const probeCommand: Command = defineCommand({
  summary: 'act as a boot client, and say what comes of it',
  description: `Acts as a network boot client: sends one DISCOVER, shows every offer, what such a client does with each and why, and
what stands in the way. It takes no lease; boot servers it is sent to are asked on port 4011. With several --as, each client
is asked for. Exit code: 0 all would boot, 1 one would not, or the network cannot be used. Needs root, for UDP port 68.`,
  options: OPTIONS,
  run: async ({ options, stdout, printJson }) => {
    if (options.as.length === 0)
      throw new UsageError(`--as is missing; allowed: ${KINDS.join(', ')}`)
    const local = chooseAddress(options.interface, options.address)
    const machine: Machine = {
      mac: options.mac ?? local.mac,
      ...(options.uuid !== undefined && { uuid: options.uuid }),
      ...(options.architecture !== undefined && { architecture: options.architecture }),
    }
    const named: readonly (readonly [number, Uint8Array | undefined])[] = [
      [OptionCode.VENDOR_CLASS, options['vendor-class']],
      [OptionCode.USER_CLASS, options['user-class']],
      [OptionCode.CLIENT_ID, options['client-id']],
      ...options.option,
    ]
    const changes = named.flatMap(([code, value]) => (value ? [[code, value] as const] : []))
    const reports: ProbeReport[] = []
    for (const kind of options.as) {
      const xid = Math.floor(Math.random() * 0xffff_ffff)
      const settings = { waitMs: options.wait * 1000, relay: options.relay }
      // oxlint-disable-next-line no-await-in-loop -- two at once would hear each other's offers
      const report = await ask(kind, { ...machine, xid }, local, changes, settings)
      reports.push(report)
      if (!options.json) stdout.write(`${reports.length > 1 ? '\n' : ''}${reportText(report)}`)
    }
    const data = reports.map((report) => ({ ...report, interface: local.interface }))
    if (options.json) printJson(data.length === 1 ? data[0] : data)
    return reports.every(({ outcome }) => outcome.type === 'download') ? 0 : 1
  },
})
