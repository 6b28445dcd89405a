import { Writable } from 'node:stream'

import { main as dhcpProxy } from '@bootwire/dhcp-proxy/cli'
import { z } from 'zod'

import { holderOf } from '../../host/ports.ts'
import { harmless } from '../../log/harmless.ts'
import type { Finding, FindingCode, Looked } from './finding.ts'
import type { Network, Site } from './site.ts'

/** Firmware that is tried: an offer may suit one and not the other. */
const KINDS = ['bios', 'uefi-x64'] as const
/** dnsmasq looks with a ping whether an address is free, and offers it 3 s later. */
const WAIT_SECONDS = 4

const Report = z.object({
  offers: z.array(
    z.object({ kind: z.string(), from: z.string(), serverId: z.string().optional() }),
  ),
  blockers: z.array(z.object({ code: z.string(), from: z.array(z.string()), text: z.string() })),
})
type Report = z.infer<typeof Report>

const CODES: Readonly<Record<string, FindingCode>> = {
  NO_ADDRESS: 'no-address',
  NO_PROXY: 'no-proxy',
  ECHOED_VENDOR_CLASS: 'echoed-vendor-class',
  SECOND_PROXY: 'second-proxy',
  FOREIGN_BOOT_FILE: 'foreign-boot-file',
  FOREIGN_NEXT_SERVER: 'foreign-next-server',
  SECOND_DHCP_SERVER: 'second-dhcp-server',
}

const REMEDIES: Readonly<Partial<Record<FindingCode, string>>> = {
  'no-address': 'start the network’s DHCP server, or correct the VLAN of this port',
  'no-proxy': 'the daemon runs and was not heard: see the firewall, and which interface it serves',
  'echoed-vendor-class':
    'remove option 60 there: ISC and Kea `vendor-class-identifier`, dnsmasq `dhcp-option=60` or `pxe-service`, routers “PXE”',
  'second-proxy': 'switch all but one off',
  'foreign-boot-file':
    'remove it there: ISC `filename`, Kea `boot-file-name`, dnsmasq `dhcp-boot`, option 67 of routers',
  'foreign-next-server': 'remove it there (siaddr, option 66), or name this host',
  'second-dhcp-server': 'switch one off, or give them ranges that do not overlap',
}

const collector = (): { readonly stream: Writable; readonly text: () => string } => {
  const pieces: Buffer[] = []
  const stream = new Writable({
    write: (piece, _encoding, done) => {
      pieces.push(Buffer.from(piece))
      done()
    },
  })
  return { stream, text: () => Buffer.concat(pieces).toString() }
}

/** What a report means here. A proxy at our own address is the daemon where that runs, else another program. */
const findingsOf = ({ offers, blockers }: Report, own: string, isRunning: boolean): Finding[] => {
  const foreign = offers
    .filter(({ kind }) => kind === 'proxy')
    .map(({ serverId, from }) => serverId ?? from)
    .filter((server) => server !== own || !isRunning)
    .map((server) =>
      server === own ? `${holderOf('udp', 67) ?? 'a program'} on this host` : server,
    )
  const found = blockers.flatMap(({ code: given, text }): Finding[] => {
    const code = CODES[given]
    // Where our daemon does not run, its silence is no news; another's is looked at below.
    if (code === undefined || code === 'second-proxy' || (code === 'no-proxy' && !isRunning))
      return []
    return [{ code, seen: harmless(text), remedy: REMEDIES[code] ?? '' }]
  })
  if (foreign.length === 0) return found
  const others = [...new Set(foreign)].join(', ')
  const seen = `another ProxyDHCP server answers (${others}): firmware takes the one or the other`
  return [...found, { code: 'second-proxy', seen, remedy: REMEDIES['second-proxy'] ?? '' }]
}

const probe = async (
  { interface: name, address }: Network,
  isRunning: boolean,
): Promise<Looked> => {
  const [out, complaints] = [collector(), collector()]
  const kinds = KINDS.flatMap((kind) => ['--as', kind])
  const at = ['--interface', name, '--address', address, '--wait', `${WAIT_SECONDS}`]
  await dhcpProxy(['probe', ...kinds, ...at, '--json'], {
    stdout: out.stream,
    stderr: complaints.stream,
  })
  const parsed = z.array(Report).safeParse(out.text() === '' ? undefined : JSON.parse(out.text()))
  if (!parsed.success) {
    const [line = ''] = complaints.text().trim().split('\n')
    return { findings: [], unseen: [`what DHCP servers say on ${name}: ${harmless(line)}`] }
  }
  return { findings: parsed.data.flatMap((report) => findingsOf(report, address, isRunning)) }
}

/** What a machine that is switched on now would be offered, by whom; takes no lease. */
export const lookAtWire = async ({ networks, plan, status }: Site): Promise<Looked> => {
  if (!plan.server.dhcp.enabled) return { findings: [] }
  const findings = new Map<string, Finding>()
  const unseen: string[] = []
  for (const network of networks.filter(({ address }) => !address.startsWith('127.'))) {
    // oxlint-disable-next-line no-await-in-loop -- two at once would hear each other's offers
    const looked = await probe(network, status !== undefined)
    for (const finding of looked.findings) findings.set(finding.code + finding.seen, finding)
    unseen.push(...(looked.unseen ?? []))
  }
  return { findings: [...findings.values()], unseen }
}
