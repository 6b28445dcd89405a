import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { it } from 'vitest'

import { describeSystem } from '../../../../../scripts/system-tests.ts'
import { Bed, NETWORK } from '../../lan/bed.ts'
import { Daemon } from '../../lan/daemon.ts'
import { startMainServer } from '../../lan/dnsmasq.ts'
import { kernelPath } from '../../lan/payload.ts'
import { saidSo } from '../../lan/said-so.ts'

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url))
const PROFILES = `
profiles: { linux: { kernel: vmlinuz, initrd: initrd.img } }
machines: { m: { mac: "52:54:00:ac:71:0d", profile: linux } }`

const byText = (a: string, b: string): number => a.localeCompare(b)

/** A host as it should be; each test breaks one thing of it. */
class Host {
  readonly bed = new Bed()
  readonly assets = join(this.bed.folder, 'assets')
  readonly data = join(this.bed.folder, 'data')
  config = `server: { interface: eth0, address: 10.77.0.2 }\nassets: ./assets${PROFILES}`
  /** Run before doctor in its own mount namespace. */
  readonly #before: string[] = []
  skip: readonly string[] = ['--skip', 'wire']

  constructor() {
    mkdirSync(this.assets)
    mkdirSync(this.data)
    copyFileSync(kernelPath('x86_64'), join(this.assets, 'vmlinuz'))
    this.writeInitrd(kernelPath('x86_64').replace(/^.*\/vmlinuz-/, ''))
  }

  first(command: string): void {
    this.#before.push(command)
  }

  /** By Debian's own cpio and gzip, with an early archive before it, as microcode is packed. */
  writeInitrd(release: string): void {
    const pack = `rm -rf r e && mkdir -p r/usr/lib/modules/${release} e/kernel && echo x >e/kernel/u &&
      (cd e && find . | cpio --quiet -o -H newc) >initrd.img && (cd r && find . | cpio --quiet -o -H newc | gzip) >>initrd.img && rm -rf r e`
    execFileSync('sh', ['-c', pack], { cwd: this.assets })
  }

  /** The codes of what it finds. */
  async codes(): Promise<readonly string[]> {
    const file = join(this.bed.folder, 'doctor.yaml')
    writeFileSync(file, this.config)
    const source = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), CLI]
    const options = ['--config', file, '--data-dir', this.data, '--json', ...this.skip]
    const script = [...this.#before, '{ "$@" || true; }'].join(' && ')
    const words = [process.execPath, ...source, 'doctor', ...options]
    const said = await this.bed.run('boot', 'sh', ['-c', script, 'sh', ...words])
    const { findings }: { readonly findings: readonly { readonly code: string }[] } =
      JSON.parse(said)
    return findings.map(({ code }) => code)
  }
}

const file = (host: Host, name: string): string => join(host.assets, name)
const ipxe = (name: string): string => join('/usr/lib/ipxe', name)

/** What is broken, and what is to be found. */
const BREAKAGES = {
  'nothing at all': [[], () => {}],
  'an address that is gone': [
    ['interface'],
    (host) => (host.config = host.config.replace('10.77.0.2 ', '10.77.0.250 ')),
  ],
  'an interface that is not there': [
    ['interface'],
    (host) => (host.config = host.config.replace('eth0', 'eno7')),
  ],
  'two addresses, and nothing that says which': [
    ['interface'],
    (host) => (host.config = host.config.replace(', address: 10.77.0.2', '')),
  ],
  'an MTU of 1400': [['mtu'], (host) => host.first('ip link set eth0 mtu 1400')],
  'a TFTP port that is taken': [
    ['port-taken'],
    (host) => {
      const bind = 'require("dgram").createSocket("udp4").bind(69)'
      host.first(`{ ${process.execPath} -e '${bind}' >/dev/null 2>&1 & sleep 1; }`)
    },
  ],
  'a port that nftables drop': [
    ['firewall'],
    (host) =>
      host.first(
        `nft 'add table inet f; add chain inet f in { type filter hook input priority 0; }; add rule inet f in udp dport 69 drop'`,
      ),
  ],
  'a policy of nftables that lets DHCP in, and HTTP, and not TFTP': [
    ['firewall'],
    (host) =>
      host.first(
        `nft 'add table inet f; add chain inet f in { type filter hook input priority 0; policy drop; }; add rule inet f in ct state established accept; add rule inet f in udp dport { 67, 4011 } accept; add rule inet f in tcp dport 8080 accept'`,
      ),
  ],
  'a disk that is full': [
    ['disk-full'],
    (host) => host.first(`mount -t tmpfs -o size=1m none ${host.data}`),
  ],
  'a state folder that another process holds': [
    ['data-locked'],
    (host) =>
      host.first(
        `echo '{"pid":1}' >${host.data}/lock && { flock ${host.data}/lock sleep 60 >/dev/null 2>&1 & sleep 0.3; }`,
      ),
  ],
  'assets on a mount that never answers': [
    ['assets-hang'],
    (host) =>
      host.first(
        `exec 9<>/dev/fuse && mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 dead ${host.assets}`,
      ),
  ],
  'an initrd without a byte': [
    ['empty-file'],
    (host) => writeFileSync(file(host, 'initrd.img'), ''),
  ],
  'a kernel that was cut': [['cut-file'], (host) => truncateSync(file(host, 'vmlinuz'), 3_000_000)],
  'an error page in place of a kernel': [
    ['no-kernel'],
    (host) =>
      writeFileSync(
        file(host, 'vmlinuz'),
        `<!DOCTYPE html>\n<title>404</title>\n${'x'.repeat(999)}`,
      ),
  ],
  'an initrd of another kernel': [
    ['initrd-of-another-kernel'],
    (host) => host.writeInitrd('5.10.0-1-amd64'),
  ],
  'a 32-bit iPXE for 64-bit UEFI': [
    ['wrong-architecture'],
    (host) => (host.config += `\nipxe: { efi-x64: ${ipxe('undionly.kpxe')} }`),
  ],
  'a shim that nobody signed': [
    ['unsigned'],
    (host) => {
      copyFileSync(ipxe('ipxe.efi'), file(host, 'shimx64.efi'))
      host.config = host.config.replace('initrd.img }', 'initrd.img, efi: shimx64.efi }')
    },
  ],
} as const satisfies Readonly<Record<string, readonly [readonly string[], (host: Host) => void]>>

/** Those of a line are made on one host: they have nothing to do with each other. */
const TOGETHER: readonly (readonly (keyof typeof BREAKAGES)[])[] = [
  ['nothing at all'],
  [
    'an MTU of 1400',
    'a TFTP port that is taken',
    'a port that nftables drop',
    'a disk that is full',
  ],
  ['an interface that is not there', 'an initrd without a byte', 'a 32-bit iPXE for 64-bit UEFI'],
  ['an address that is gone', 'a state folder that another process holds', 'a kernel that was cut'],
  ['two addresses, and nothing that says which', 'an error page in place of a kernel'],
  [
    'a policy of nftables that lets DHCP in, and HTTP, and not TFTP',
    'an initrd of another kernel',
    'a shim that nobody signed',
  ],
  ['assets on a mount that never answers'],
]

describeSystem('doctor, on a host of its own', () => {
  // Beds of their own, in which most of the time nothing happens: several at once.
  it.concurrent.for(TOGETHER)('finds %s', async (names, { expect }) => {
    const host = new Host()
    try {
      for (const name of names) BREAKAGES[name][1](host)
      const codes = names.flatMap((name) => BREAKAGES[name][0])
      expect((await host.codes()).toSorted(byText)).toEqual(codes.toSorted(byText))
    } finally {
      await host.bed.close()
    }
  })

  it.concurrent('takes every file that Debian has signed or built for whole', async ({
    expect,
  }) => {
    const host = new Host()
    try {
      const programs = ['ipxe.efi', 'snponly.efi'].map(ipxe)
      copyFileSync(ipxe('ipxe.lkrn'), file(host, 'ipxe.lkrn'))
      for (const [i, path] of programs.entries()) copyFileSync(path, file(host, `p${i}.efi`))
      host.config = host.config.replace(
        'initrd.img }',
        'initrd.img, efi: p0.efi, httpBoot: p1.efi }',
      )
      host.config = host.config.replace('profiles: {', 'profiles: { ipxe: { kernel: ipxe.lkrn },')
      expect(await host.codes()).toEqual([])
      expect(readFileSync(file(host, 'vmlinuz')).length).toBeGreaterThan(3_000_000)
    } finally {
      await host.bed.close()
    }
  })
})

/** dnsmasq as the network's DHCP server, which says more than it should. */
const mainServer = async (bed: Bed, ...more: readonly string[]): Promise<void> => {
  const { firstLease, lastLease } = NETWORK
  const options = [
    '--no-daemon',
    '--conf-file=/dev/null',
    '--port=0',
    '--interface=eth0',
    '--bind-interfaces',
    '--dhcp-leasefile=/dev/null',
    `--dhcp-range=${firstLease},${lastLease},1h`,
  ]
  const child = bed.spawn('main', 'dnsmasq', [...options, ...more])
  await saidSo(child.stderr!, 'DHCP, sockets bound', 'dnsmasq')
}

const secondProxy = async (bed: Bed): Promise<void> => {
  await bed.run('switch', 'ip', ['address', 'add', '10.77.0.4/24', 'brd', '+', 'dev', 'br0'])
  await proxyIn(bed, 'switch', 'br0')
}

const proxyIn = async (bed: Bed, place: 'switch' | 'boot', name: string): Promise<void> => {
  const options = ['--no-daemon', '--conf-file=/dev/null', '--port=0', `--interface=${name}`]
  const proxy = [
    '--dhcp-range=10.77.0.0,proxy',
    '--pxe-service=x86PC,x,x',
    '--pxe-service=x86-64_EFI,x,x',
  ]
  const child = bed.spawn(place, 'dnsmasq', [...options, ...proxy])
  await saidSo(child.stderr!, 'DHCP, proxy', 'dnsmasq')
}

/** What the network is, and what a machine that boots there would suffer from. */
const NETWORKS: Readonly<
  Record<string, readonly [readonly string[], (bed: Bed) => Promise<void>]>
> = {
  'beside a DHCP server that knows nothing of booting': [[], (bed) => startMainServer(bed, true)],
  'without any DHCP server': [['no-address'], async () => {}],
  'whose DHCP server says PXEClient': [
    ['echoed-vendor-class'],
    (bed) => mainServer(bed, '--dhcp-option=60,PXEClient'),
  ],
  'whose DHCP server names a boot file': [
    ['foreign-boot-file'],
    (bed) => mainServer(bed, '--dhcp-boot=pxelinux.0'),
  ],
  'whose DHCP server names another next server': [
    ['foreign-next-server'],
    (bed) => mainServer(bed, '--dhcp-boot=,,10.77.0.9'),
  ],
  'with a ProxyDHCP server on this very host, while the daemon does not run': [
    ['port-taken', 'second-proxy'],
    async (bed) => {
      await startMainServer(bed, true)
      await proxyIn(bed, 'boot', 'eth0')
    },
  ],
  'with a second ProxyDHCP server': [
    ['second-proxy'],
    async (bed) => {
      await startMainServer(bed, true)
      await secondProxy(bed)
    },
  ],
}

describeSystem('doctor, on a network', () => {
  it.concurrent.for(Object.entries(NETWORKS))('%s', async ([, [codes, build]], { expect }) => {
    const host = new Host()
    try {
      host.skip = []
      await build(host.bed)
      expect(await host.codes()).toEqual(codes)
    } finally {
      await host.bed.close()
    }
  })

  it.concurrent('that is well, beside the running daemon; and hears that its DHCP port is shut', async ({
    expect,
  }) => {
    const host = new Host()
    try {
      await startMainServer(host.bed, true)
      const daemon = await Daemon.start(host.bed, host.config, { anywhere: true })
      host.skip = []
      host.config = readFileSync(daemon.configPath, 'utf8')
      expect(await host.codes()).toEqual([])
      host.first(
        `nft 'add table inet f; add chain inet f in { type filter hook input priority 0; }; add rule inet f in udp dport 67 drop'`,
      )
      expect(await host.codes()).toEqual(['firewall', 'no-proxy'])
    } finally {
      await host.bed.close()
    }
  })
})
