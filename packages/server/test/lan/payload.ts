import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { unpackedAt, unpackedFolder } from '../../../../scripts/debian.mjs'
import { NETWORK } from './bed.ts'
import type { Machine } from './machine.ts'

const COMMAND_LINE = 'COMMAND-LINE '

/**
 * What a kernel needs in these machines: their console, and no test of its timer. An emulator that gets no time on a
 * busy host fails that: "Kernel panic - not syncing: IO-APIC + timer doesn't work!".
 */
export const KERNEL_ARGS = 'console=ttyS0 no_timer_check'

/** What the payload's init prints once Linux has started it. */
export const BOOTED = 'BOOTWIRE-BOOTED'

/** What a disk made by {@link writeDisk} prints when it is booted. */
export const LOCAL_DISK = 'BOOTED-FROM-LOCAL-DISK'

/** The processors that a payload is made for. */
export type Architecture = 'x86_64' | 'arm64'

/** Where the payload's parts come from: rows of scripts/debian/table.mjs. */
const PARTS = {
  x86_64: { kernel: 'kernel', busybox: () => '/usr/bin/busybox' },
  arm64: {
    kernel: 'kernelArm64',
    busybox: () => join(unpackedFolder('busyboxArm64', 'usr/bin', 'bin'), 'busybox'),
  },
} as const

/** The drivers of the machines' network card, each after those that it needs. Releases differ in which are built in. */
const MODULES = [
  'failover',
  'net_failover',
  'virtio_ring',
  'virtio',
  'virtio_pci_modern_dev',
  'virtio_pci_legacy_dev',
  'virtio_pci',
  'virtio_net',
]

/** As an installer does, it reports when the command line has `report=URL`; the address is free in the bed. */
const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
for word in $(cat /proc/cmdline); do
  case $word in report=*) report=\${word#report=} ;; esac
done
if [ -n "$report" ]; then
  for module in ${MODULES.join(' ')}; do [ ! -e /modules/$module.ko ] || insmod /modules/$module.ko; done
  ip address add ${NETWORK.payload}/24 dev eth0
  ip link set eth0 up
  echo "REPORT $(wget -q -O - "$report")"
fi
echo ${BOOTED}
echo "${COMMAND_LINE}[$(cat /proc/cmdline)]"
poweroff -f
`

/** Debian's cloud kernel, unpacked and not installed. */
export const kernelPath = (architecture: Architecture = 'x86_64'): string => {
  const folder = join(unpackedAt(PARTS[architecture].kernel), 'boot')
  const name = readdirSync(folder).find((file) => file.startsWith('vmlinuz-'))
  if (!name) throw new Error(`no kernel in ${folder}; npm test as root unpacks one`)
  return join(folder, name)
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n')
const moduleName = (path: string): string =>
  basename(path)
    .replace(/\.ko.*$/, '')
    .replaceAll('-', '_')

/** Copies the drivers that the kernel has as modules; Debian 13 compresses them. */
const writeModules = (architecture: Architecture, to: string): void => {
  const { kernel } = PARTS[architecture]
  const releases = unpackedFolder(kernel, 'usr/lib/modules', 'lib/modules')
  const folder = join(releases, readdirSync(releases)[0]!)
  const builtIn = new Set(linesOf(join(folder, 'modules.builtin')).map(moduleName))
  const paths = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.ko(?:\.xz)?$/.test(path))
      .map((path) => [moduleName(path), join(folder, path)]),
  )
  for (const name of MODULES.filter((each) => !builtIn.has(each))) {
    const path = paths.get(name)
    if (path === undefined) throw new Error(`the kernel in ${folder} has no driver ${name}`)
    const target = join(to, `${name}.ko`)
    if (path.endsWith('.xz'))
      writeFileSync(target, execFileSync('busybox', ['xzcat', path], { maxBuffer: 1 << 26 }))
    else copyFileSync(path, target)
  }
}

/** A busybox and an init that says that it runs, and with which command line, then powers off. */
export const writeInitrd = (path: string, architecture: Architecture = 'x86_64'): void => {
  const root = mkdtempSync(join(tmpdir(), 'bootwire-initrd-'))
  try {
    for (const name of ['bin', 'proc', 'dev', 'modules']) mkdirSync(join(root, name))
    writeModules(architecture, join(root, 'modules'))
    copyFileSync(PARTS[architecture].busybox(), join(root, 'bin/busybox'))
    writeFileSync(join(root, 'init'), INIT)
    chmodSync(join(root, 'init'), 0o755)
    const pack = `find . | cpio --create --format newc --quiet | gzip -1 > "$1"`
    execFileSync('sh', ['-c', pack, 'sh', path], { cwd: root })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** The kernel's command line, as the payload found it. */
export const commandLineOf = async (machine: Machine): Promise<string> => {
  const line = await machine.printsLine(COMMAND_LINE)
  return line.slice(line.indexOf('[') + 1, line.lastIndexOf(']'))
}

// At 0x7c00: clear ds, print the bytes from 0x7c19 up to a zero by BIOS teletype (int 10h, ah = 0eh), halt.
const BOOT_SECTOR = '31c08ed8fcbe197cac84c07409b40ebb0700cd10ebf2f4ebfd'
const SECTOR_BYTES = 512
const DISK_BYTES = 1 << 20

/** A disk whose boot sector says that it runs. */
export const writeDisk = (path: string): void => {
  const disk = Buffer.alloc(DISK_BYTES)
  disk.write(BOOT_SECTOR, 'hex')
  disk.write(`${LOCAL_DISK}\r\n\0`, BOOT_SECTOR.length / 2, 'latin1')
  disk.writeUInt16BE(0x55aa, SECTOR_BYTES - 2)
  writeFileSync(path, disk)
}
