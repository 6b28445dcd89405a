import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { unpackedAt } from '../../../../scripts/debian.mjs'
import type { Machine } from './machine.ts'

const COMMAND_LINE = 'COMMAND-LINE '

/** What the payload's init prints once Linux has started it. */
export const BOOTED = 'BOOTWIRE-BOOTED'

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox echo ${BOOTED}
/bin/busybox echo "${COMMAND_LINE}[$(/bin/busybox cat /proc/cmdline)]"
/bin/busybox poweroff -f
`

/** Debian's cloud kernel, unpacked and not installed. */
export const kernelPath = (): string => {
  const folder = join(unpackedAt('kernel'), 'boot')
  const name = readdirSync(folder).find((file) => file.startsWith('vmlinuz-'))
  if (!name) throw new Error(`no kernel in ${folder}; npm test as root unpacks one`)
  return join(folder, name)
}

/** A busybox and an init that says that it runs, and with which command line, then powers off. */
export const writeInitrd = (path: string): void => {
  const root = mkdtempSync(join(tmpdir(), 'bootwire-initrd-'))
  try {
    for (const name of ['bin', 'proc', 'dev']) mkdirSync(join(root, name))
    copyFileSync('/usr/bin/busybox', join(root, 'bin/busybox'))
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
