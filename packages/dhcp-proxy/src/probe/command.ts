import { parseArgs } from 'node:util'

import { CLIENT_KINDS, clientKindOf } from '../clients/kinds.ts'
import { DhcpError } from '../errors.ts'
import { localAddresses, openProbeNetwork, type LocalAddress } from './network.ts'
import { probe } from './probe.ts'
import { reportText } from './report.ts'

const kinds = Object.entries(CLIENT_KINDS)

const HELP = `Usage: bootwire-dhcp probe --as CLIENT [--interface NAME | --address ADDRESS] [options]

Acts as a network boot client: sends one DISCOVER, shows every offer, what such a client does with each and why, and
what stands in the way. It takes no lease; boot servers it is sent to are asked on port 4011.

  --as CLIENT        ${kinds.map(([name]) => name).join(', ')}
  --interface NAME   the interface to ask on
  --address ADDRESS  or its IPv4 address
  --mac ADDRESS      hardware address to ask with (default: the interface's)
  --wait SECONDS     how long to listen for offers, 1-60 (default: 4)
  --json             the report as JSON
  --help, --version

Exit code: 0 the client would boot, 1 it would not, or the network cannot be used, 2 wrong usage.
Needs root: it uses UDP ports 68 and 4011.
`

/** What a command gets from outside. */
export interface CommandContext {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly version: string
}

/** Wrong usage: exit code 2. */
class UsageError extends Error {}

const refuse = (message: string): never => {
  throw new UsageError(message)
}

const chooseAddress = (name: string | undefined, address: string | undefined): LocalAddress => {
  const all = localAddresses()
  const list = all.map((one) => `${one.interface} (${one.address})`).join(', ') || 'none'
  const fits = all.filter(
    (one) =>
      (name === undefined || one.interface === name) &&
      (address === undefined || one.address === address),
  )
  if (fits.length === 0)
    return refuse(`no interface of this host is ${name ?? address}; there are: ${list}`)
  if (fits.length > 1)
    return refuse(
      `several addresses to ask from; choose with --interface or --address among: ${list}`,
    )
  return fits[0]!
}

const waitSeconds = (text: string): number => {
  const seconds = Number(text)
  return seconds >= 1 && seconds <= 60 ? seconds : refuse(`--wait ${text} is outside 1-60 seconds`)
}

const read = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        as: { type: 'string' },
        interface: { type: 'string' },
        address: { type: 'string' },
        mac: { type: 'string' },
        wait: { type: 'string', default: '4' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const run = async (args: readonly string[], { out, version }: CommandContext): Promise<number> => {
  const { values, positionals } = read(args)
  if (values.help) {
    out(HELP)
    return 0
  }
  if (values.version) {
    out(`${version}\n`)
    return 0
  }
  if (positionals.length !== 1 || positionals[0] !== 'probe') {
    return refuse(
      `${positionals.length === 0 ? 'no command' : positionals.join(' ')}; the one command is: probe`,
    )
  }
  const as = values.as ?? ''
  const kind = clientKindOf(as)
  if (!kind)
    return refuse(
      `--as ${values.as ?? 'is missing'}; allowed: ${kinds.map(([name]) => name).join(', ')}`,
    )
  const mac = values.mac?.toLowerCase()
  if (mac !== undefined && !/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) {
    return refuse(`--mac ${values.mac} is not like 52:54:00:12:34:56`)
  }
  const offersMs = waitSeconds(values.wait) * 1000
  const local = chooseAddress(values.interface, values.address)
  const xid = Math.floor(Math.random() * 0xffff_ffff)
  const network = await openProbeNetwork(local.address, { offersMs, bootServerMs: 1000 })
  try {
    const report = await probe(kind.model({ mac: mac ?? local.mac, xid }), network.exchange)
    out(
      values.json
        ? `${JSON.stringify({ ...report, interface: local.interface }, null, 2)}\n`
        : reportText(report),
    )
    return report.outcome.type === 'download' ? 0 : 1
  } finally {
    await network.close()
  }
}

/** Runs `bootwire-dhcp` and returns its exit code. */
export async function runCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  try {
    return await run(args, context)
  } catch (error) {
    if (error instanceof UsageError) {
      context.err(`bootwire-dhcp: ${error.message}\nTry: bootwire-dhcp --help\n`)
      return 2
    }
    if (!(error instanceof DhcpError)) throw error
    context.err(`bootwire-dhcp: ${error.message} (${error.code})\n`)
    return 1
  }
}
