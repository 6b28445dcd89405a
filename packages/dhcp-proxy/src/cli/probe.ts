import { defineCommand, UsageError, decimalNumber, type Command } from '@bootwire-internal/cli'

import { CLIENT_KINDS } from '../probe/kinds.ts'
import { localAddresses, openProbeNetwork, type LocalAddress } from '../probe/network.ts'
import { probe } from '../probe/probe.ts'
import { reportText } from '../probe/report.ts'

const chooseAddress = (name: string | undefined, address: string | undefined): LocalAddress => {
  const all = localAddresses()
  const list = all.map((one) => `${one.interface} (${one.address})`).join(', ') || 'none'
  const fits = all.filter(
    (one) =>
      (name === undefined || one.interface === name) &&
      (address === undefined || one.address === address),
  )
  const [only, another] = fits
  if (only && !another) return only
  throw new UsageError(
    only
      ? `several addresses to ask from; choose with --interface or --address among: ${list}`
      : `no interface of this host is ${name ?? address}; there are: ${list}`,
  )
}

const readMac = (text: string): string => {
  const mac = text.toLowerCase()
  if (/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) return mac
  throw new UsageError('is not like 52:54:00:12:34:56')
}

/** `bootwire-dhcp probe` */
export const probeCommand: Command = defineCommand({
  summary: 'act as a network boot client, and say what it makes of every offer',
  description: `Acts as a network boot client: sends one DISCOVER, shows every offer, what such a client does with each and why, and
what stands in the way. It takes no lease; boot servers it is sent to are asked on port 4011.

Exit code 0: the client would boot; 1: it would not, or the network cannot be used; 2: wrong usage.
Needs root: it uses UDP ports 68 and 4011.`,
  options: {
    as: {
      value: 'CLIENT',
      summary: 'the client to be',
      required: true,
      choices: Object.keys(CLIENT_KINDS),
    },
    interface: { value: 'NAME', summary: 'the interface to ask on' },
    address: { value: 'ADDRESS', summary: 'or its IPv4 address' },
    mac: {
      value: 'MAC',
      summary: "hardware address to ask with; default: the interface's",
      read: readMac,
    },
    wait: {
      value: 'SECONDS',
      summary: 'how long to listen for offers, 1 to 60',
      default: '4',
      read: decimalNumber(1, 60, 'seconds'),
    },
    json: { summary: 'the report as JSON' },
  },
  run: async ({ options, stdout, printJson }) => {
    const { model } = CLIENT_KINDS[options.as]!
    const local = chooseAddress(options.interface, options.address)
    const xid = Math.floor(Math.random() * 0xffff_ffff)
    const network = await openProbeNetwork(local.address, {
      offersMs: options.wait * 1000,
      bootServerMs: 1000,
    })
    try {
      const report = await probe(model({ mac: options.mac ?? local.mac, xid }), network.exchange)
      if (options.json) printJson({ ...report, interface: local.interface })
      else stdout.write(reportText(report))
      return report.outcome.type === 'download' ? 0 : 1
    } finally {
      await network.close()
    }
  },
})
