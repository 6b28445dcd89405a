import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import { decide, type Client, type Decision } from '../src/features/import/dnsmasq/decide.ts'
import { readModel } from '../src/features/import/dnsmasq/read-model.ts'
import { readCommandLine } from '../src/features/import/dnsmasq/statements.ts'
import { Bed, NETWORK } from '../test/lan/bed.ts'
import { startMainServer } from '../test/lan/dnsmasq.ts'
import { saidSo } from '../test/lan/said-so.ts'
import type { Random } from './random.ts'
import { failures } from './rig.ts'

const CONFIGURATIONS = 60
const PROBE = fileURLToPath(new URL('../../dhcp-proxy/src/cli.ts', import.meta.url))
const NODE = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx')]
const ADDRESS = '10.77.0.77'
const MAC = '52:54:00:00:00:07'

/** Clients, as the probe names them. */
const CLIENTS: readonly (readonly [string, Omit<Client, 'mac'>])[] = [
  ['bios', { architecture: 0, isIpxe: false }],
  ['uefi-x64', { architecture: 7, isIpxe: false }],
  ['ipxe', { architecture: 0, isIpxe: true }],
  ['ipxe-x64', { architecture: 7, isIpxe: true }],
]

const TAGS = ['ipxe', 'efi', 'own', 'lab', 'x']
const FILES = ['a.0', 'b.efi', 'plain', 'http://h/c.ipxe', 'd.kpxe']

/** A command line that decides by all that this import understands. */
const lineOf = (random: Random): string[] => {
  const some = <T>(limit: number, make: () => T): T[] =>
    Array.from({ length: random.below(limit) }, make)
  const not = (): string => random.pick(['', '!'])
  const wants = (): string[] => some(3, () => `tag:${not()}${random.pick(TAGS)}`)
  const macs = [MAC, '52:54:00:*:*:*', '52:54:00:00:00:08']
  const host = () => [...wants(), random.pick(macs), `set:${random.pick(['own', 'lab'])}`]
  const tagIf = () => [
    `set:${random.pick(TAGS)}`,
    `tag:${not()}${random.pick([...TAGS, 'l*'])}`,
    ...wants(),
  ]
  // Without an address iPXE waits for one on port 4011, and gives up.
  const boot = () => [...wants(), random.pick(FILES), '', NETWORK.boot]
  const service = () => [
    ...wants(),
    random.pick(['x86PC', 'X86-64_EFI', 'BC_EFI']),
    'Boot',
    random.pick(FILES),
  ]
  const ignored = ['tag:!known', 'tag:lab', 'tag:own,tag:ipxe']
  const options: (readonly [string, readonly string[]])[] = [
    ['pxe-prompt', some(2, () => 'Boot,0')],
    ['dhcp-host', some(4, host).map(String)],
    ['tag-if', some(3, tagIf).map(String)],
    ['dhcp-boot', some(4, boot).map(String)],
    ['pxe-service', some(4, service).map(String)],
    ['dhcp-ignore', random.below(4) === 0 ? [random.pick(ignored)] : []],
    ['dhcp-mac', random.below(4) === 0 ? ['set:x,52:54:*:*:*:*'] : []],
  ]
  return [
    '--interface=eth0',
    `--dhcp-range=${NETWORK.boot},proxy`,
    '--dhcp-userclass=set:ipxe,iPXE',
    '--dhcp-vendorclass=set:efi,PXEClient:Arch:00007',
    ...options.flatMap(([name, values]) => values.map((value) => `--${name}=${value}`)),
  ]
}

/** What a client loads that the probe plays; undefined: nothing. */
const loads = async (bed: Bed, kind: string): Promise<string | undefined> => {
  const options = ['--interface', 'br0', '--wait', '1.5', '--json', '--mac', MAC, '--as', kind]
  const words = [process.execPath, ...NODE, PROBE, 'probe', ...options]
  const out = await bed.run('switch', 'sh', ['-c', '"$@" || :', 'sh', ...words])
  const { outcome }: { readonly outcome: { readonly file?: string } } = JSON.parse(out)
  return outcome.file
}

const isOther = (
  line: readonly string[],
  client: Omit<Client, 'mac'>,
  told: Decision,
  real: string | undefined,
): boolean => {
  // Which item of a menu is taken is for the client to say.
  if (told.kind === 'menu') return false
  const items = line.filter((word) => /^--pxe-service=.*(?:X86-64_EFI|BC_EFI)/.test(word))
  // EDK2 asks port 4011 for the first of several items, which dnsmasq never answers: nothing boots, where the first is meant.
  if (client.architecture > 0 && items.length > 1 && real === undefined) return false
  return (told.kind === 'file' ? told.file : undefined) !== real
}

/** What dnsmasq tells firmware and iPXE under random configurations, beside what the import takes it to tell. */
export const importDnsmasq = async (
  random: Random,
  say: (line: string) => void,
): Promise<Measurement[]> => {
  let others = 0
  for (let i = 0; i < CONFIGURATIONS; i++) {
    const line = lineOf(random)
    const { model } = readModel(readCommandLine(line))
    const bed = new Bed()
    /* oxlint-disable no-await-in-loop -- one network after the other; the probes share port 68 */
    try {
      await bed.run('switch', 'ip', ['address', 'add', `${ADDRESS}/24`, 'dev', 'br0'])
      await startMainServer(bed, false)
      const fixed = ['-d', '--port=0', '--conf-file=/dev/null', '--bind-interfaces', '--user=root']
      const child = bed.spawn('boot', 'dnsmasq', [...fixed, ...line])
      child.stdout!.resume()
      await saidSo(child.stderr!, 'DHCP, ', 'dnsmasq')
      for (const [kind, client] of CLIENTS) {
        const real = await loads(bed, kind)
        const told = decide(model, { ...client, mac: MAC.split(':') })
        if (!isOther(line, client, told, real)) continue
        others++
        say(`${line.join(' ')}: ${kind} loads ${real}, and not ${JSON.stringify(told)}`)
      }
    } finally {
      await bed.close()
    }
    /* oxlint-enable no-await-in-loop */
  }
  say(`${CONFIGURATIONS * CLIENTS.length} answers of dnsmasq compared`)
  return [failures('import dnsmasq: other boot files than dnsmasq’s', others)]
}
