import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { describeSystem } from '../../../../../scripts/system-tests.ts'
import type { BootService } from '../../../src/boot/service.ts'
import { decide, type Client } from '../../../src/features/import/dnsmasq/decide.ts'
import { readModel } from '../../../src/features/import/dnsmasq/read-model.ts'
import { readCommandLine } from '../../../src/features/import/dnsmasq/statements.ts'
import { Bed, NETWORK } from '../../lan/bed.ts'
import { startMainServer } from '../../lan/dnsmasq.ts'
import { saidSo } from '../../lan/said-so.ts'
import { bootwire } from '../../run-command.ts'
import { boots, serviceFor, type TestService } from '../../support.ts'
import { ISSUE_20_ALL, ISSUE_20_BIOS } from './command-lines.ts'

const PROBE = fileURLToPath(new URL('../../../../dhcp-proxy/src/cli.ts', import.meta.url))
const NODE = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx')]
const CLIENT = '10.77.0.77'
const MAC = '52:54:00:00:00:07'

/** Firmware and iPXE of each architecture, as the probe names them. */
const CLIENTS: readonly (readonly [Client, readonly string[]])[] = [
  [{ architecture: 0, isIpxe: false }, ['--as', 'bios']],
  [{ architecture: 7, isIpxe: false }, ['--as', 'uefi-x64']],
  [
    { architecture: 9, isIpxe: false },
    [
      '--as',
      'uefi-x64',
      '--architecture',
      '9',
      '--vendor-class',
      'PXEClient:Arch:00009:UNDI:003016',
    ],
  ],
  [{ architecture: 0, isIpxe: true }, ['--as', 'ipxe']],
  [{ architecture: 7, isIpxe: true }, ['--as', 'ipxe-x64']],
  [
    { architecture: 9, isIpxe: true },
    [
      '--as',
      'ipxe-x64',
      '--architecture',
      '9',
      '--vendor-class',
      'PXEClient:Arch:00009:UNDI:003010',
    ],
  ],
]

/** The command lines with the bed's network instead of their own. */
const here = (line: readonly string[]): string[] =>
  line.map((word) =>
    word.startsWith('--dhcp-range=') ? `--dhcp-range=${NETWORK.boot},proxy` : word,
  )

const BY_BOOT = [
  '-d',
  `--dhcp-range=${NETWORK.boot},proxy`,
  '--pxe-prompt=Boot,0',
  '--dhcp-userclass=set:ipxe,iPXE',
  '--dhcp-vendorclass=set:efi,PXEClient:Arch:00007',
  '--dhcp-match=set:efi,option:client-arch,9',
  '--tag-if=set:go,tag:!ipxe,tag:efi',
  // Without an address iPXE waits for one on port 4011, and gives up.
  `--dhcp-boot=tag:ipxe,http://boot.example/a.ipxe,,${NETWORK.boot}`,
  '--dhcp-boot=tag:go,ipxe.efi',
  '--dhcp-boot=tag:!ipxe,tag:!efi,undionly.kpxe',
]

/** A machine by rows that ask for tags, which count before the one that has its whole address and asks for none. */
const BY_HOST = [
  '-d',
  `--dhcp-range=${NETWORK.boot},proxy`,
  '--pxe-prompt=Boot,0',
  '--dhcp-userclass=set:ipxe,iPXE',
  '--dhcp-host=tag:!ipxe,52:54:00:*:*:*,set:first',
  '--dhcp-host=tag:ipxe,52:54:00:*:*:*,set:second',
  `--dhcp-host=${MAC},set:others`,
  '--dhcp-vendorclass=set:efi,PXEClient:Arch:00007',
  '--dhcp-match=set:efi,option:client-arch,9',
  '--dhcp-boot=tag:first,tag:!efi,undionly.kpxe',
  '--dhcp-boot=tag:first,tag:efi,ipxe.efi',
  `--dhcp-boot=tag:second,http://boot.example/own.ipxe,,${NETWORK.boot}`,
  `--dhcp-boot=tag:others,other.0,,${NETWORK.boot}`,
]

/** What the probe says that the client loads, and from where. */
const asks = async (bed: Bed, words: readonly string[]): Promise<string | undefined> => {
  const args = [
    ...NODE,
    PROBE,
    'probe',
    '--interface',
    'br0',
    '--wait',
    '1.5',
    '--json',
    '--mac',
    MAC,
    ...words,
  ]
  const out = await bed.run('switch', 'sh', ['-c', '"$@" || :', 'sh', process.execPath, ...args])
  const { outcome }: { outcome: { file?: string; server?: string } } = JSON.parse(out)
  return outcome.file
}

/** What a client boots of ours: its program, or what its script chains to. */
const bootsHere = async (ours: TestService, client: Client): Promise<string | undefined> => {
  const request = {
    mac: MAC,
    architectures: [client.architecture],
    firmware: client.isIpxe ? 'ipxe' : client.architecture === 0 ? 'bios' : 'uefi-pxe',
    userClasses: client.isIpxe ? ['iPXE'] : [],
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the decision looks at
  const decision = ours.service.dhcp(request as unknown as Parameters<BootService['dhcp']>[0])
  const file = decision.action === 'boot' ? decision.file : undefined
  if (typeof file !== 'string' || !client.isIpxe) return file?.toString()
  const { text } = await boots(ours, {
    ...Object.fromEntries(new URL(file).searchParams),
    mac: MAC,
  })
  return /^chain .*?(http\S+)/m.exec(text)?.[1] ?? text
}

describeSystem('what bootwire import makes of dnsmasq', () => {
  it.each([
    ['all of x86 by pxe-service', ISSUE_20_ALL],
    ['PC BIOS by pxe-service', ISSUE_20_BIOS],
    ['dhcp-boot and tag-if', BY_BOOT],
    ['dhcp-host with tags', BY_HOST],
  ])('is what dnsmasq itself tells: %s', { timeout: 240_000 }, async (_title, given) => {
    const line = here(given)
    const bed = new Bed()
    try {
      await bed.run('switch', 'ip', ['address', 'add', `${CLIENT}/24`, 'dev', 'br0'])
      await startMainServer(bed, false)
      const root = ['--conf-file=/dev/null', '--interface=eth0', '--bind-interfaces', '--user=root']
      const quiet = line.filter((word) => !/^--tftp-root|^--enable-tftp|^--port|^0$/.test(word))
      const child = bed.spawn('boot', 'dnsmasq', ['--port=0', ...root, ...quiet])
      child.stdout!.resume()
      await saidSo(child.stderr!, 'DHCP, ', 'dnsmasq')

      const { model } = readModel(readCommandLine(line))
      const yaml = join(bed.folder, 'imported.yaml')
      const { code } = await bootwire('import', 'dnsmasq', '--out', yaml, '--', ...line)
      expect(code).toBe(0)
      const ours = await serviceFor(readFileSync(yaml, 'utf8'), { folder: bed.folder })
      for (const [client, words] of CLIENTS) {
        // oxlint-disable-next-line no-await-in-loop -- the probes share port 68
        const real = await asks(bed, words)
        const told = decide(model, { ...client, mac: MAC.split(':') })
        expect([client, told.kind === 'file' ? told.file : undefined]).toEqual([client, real])
        // oxlint-disable-next-line no-await-in-loop -- one boot after the other
        expect([client, await bootsHere(ours, client)]).toEqual([client, real])
      }
    } finally {
      await bed.close()
    }
  })
})
