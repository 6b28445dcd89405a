import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { NETWORK, type Bed } from './bed.ts'
import { saidSo } from './said-so.ts'

const COMMON = [
  '--no-daemon',
  '--conf-file=/dev/null',
  '--port=0',
  '--interface=eth0',
  '--log-dhcp',
]

/**
 * The network's own DHCP server: it gives addresses and knows nothing of booting.
 *
 * @param isRouter whether it also answers IPv6 router solicitations, as most networks' routers do. Where none does,
 *   iPXE solicits for 16 s each time it starts, whatever the DHCP servers say.
 * @param nextServer the host it names as the server of boot files. Default: itself, as dnsmasq does.
 */
export const startMainServer = async (
  bed: Bed,
  isRouter: boolean,
  nextServer?: string,
): Promise<void> => {
  const { main, firstLease, lastLease } = NETWORK
  const leases = [`--dhcp-range=${firstLease},${lastLease},1h`, '--dhcp-authoritative', '--no-ping']
  const options = [
    `--dhcp-option=option:router,${main}`,
    `--dhcp-option=option:dns-server,${main}`,
    '--dhcp-leasefile=/dev/null',
    '--bind-interfaces',
  ]
  const router = isRouter ? ['--enable-ra', `--dhcp-range=${NETWORK.subnet6},ra-only`] : []
  const next = nextServer === undefined ? [] : [`--dhcp-boot=,,${nextServer}`]
  await start(bed, 'main', [...leases, ...options, ...router, ...next])
}

/**
 * dnsmasq as ProxyDHCP and TFTP server, set up as its users do: a boot program for each architecture, and the script
 * for what calls itself iPXE. Busybox gives out the files by HTTP.
 *
 * @param root what HTTP serves
 * @param script the URL of the script
 */
export const startDnsmasqProxy = async (bed: Bed, root: string, script: string): Promise<void> => {
  const tftp = join(bed.folder, 'tftp')
  mkdirSync(tftp)
  for (const name of ['undionly.kpxe', 'ipxe.efi'])
    copyFileSync(`/usr/lib/ipxe/${name}`, join(tftp, name))
  const services = [
    ['x86PC', 'undionly.kpxe'],
    ['BC_EFI', 'ipxe.efi'],
    ['x86-64_EFI', 'ipxe.efi'],
  ].flatMap(([architecture, program]) => [
    `--pxe-service=tag:!ipxe,${architecture},Boot,${program}`,
    `--pxe-service=tag:ipxe,${architecture},Boot,${script}`,
  ])
  const proxy = [
    `--dhcp-range=${NETWORK.subnet},proxy`,
    '--dhcp-userclass=set:ipxe,iPXE',
    ...services,
  ]
  const files = ['--enable-tftp', `--tftp-root=${tftp}`, '--user=root']
  await start(bed, 'boot', [...proxy, ...files])
  startFileServer(bed, root, `${NETWORK.boot}:8080`)
}

/** Busybox' HTTP server over a folder: a server nobody here wrote. */
export const startFileServer = (bed: Bed, root: string, address: string): void => {
  const child = bed.spawn('boot', 'busybox', ['httpd', '-f', '-p', address, '-h', root])
  child.stdout!.resume()
  child.stderr!.resume()
}

/** Writes a script that boots the payload lying beside it. */
export const writePeerScript = (root: string, commandLine: string): void => {
  const lines = ['#!ipxe', `kernel vmlinuz ${commandLine}`, 'initrd initrd.img', 'boot', '']
  writeFileSync(join(root, 'boot.ipxe'), lines.join('\n'))
}

const start = async (
  bed: Bed,
  place: 'main' | 'boot',
  options: readonly string[],
): Promise<void> => {
  const child = bed.spawn(place, 'dnsmasq', [...COMMON, ...options])
  child.stdout!.resume()
  await saidSo(child.stderr!, 'DHCP, ', 'dnsmasq')
}
