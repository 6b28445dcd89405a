import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { unpackedFolder } from '../../../../scripts/debian.mjs'
import { afterBanner } from './normalise.ts'

/** One start of Debian's iPXE in a virtual machine. */
export interface Boot {
  /** The embedded script. It should end in `sleep 1`, `reboot`: without the sleep its last output is lost. */
  readonly script: string | Uint8Array
  /** What `tftp://10.0.2.2/NAME` serves; without it the machine has no network card. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** File name that DHCP hands out. */
  readonly bootfile?: string
  readonly mac?: string
  /** Typed when the output so far matches; each is used once, in order. */
  readonly typed?: readonly { readonly after: RegExp; readonly keys: string }[]
  readonly arguments?: readonly string[]
  /** Default: 60 s. */
  readonly timeoutMs?: number
  /** Ends the run when the output so far matches: for scripts that boot something. */
  readonly until?: RegExp
}

export interface BootResult {
  /** Everything after iPXE's banner, without terminal sequences, line ends as LF. */
  readonly console: string
  readonly raw: string
  readonly timedOut: boolean
}

const lkrn = (): string => join(unpackedFolder('ipxe2019', 'boot'), 'ipxe.lkrn')

const cardOf = (boot: Boot, root: string): string[] => {
  if (!boot.files) return ['-net', 'none']
  const user = ['user,id=n', 'restrict=on', `tftp=${root}`]
  if (boot.bootfile) user.push(`bootfile=${boot.bootfile}`)
  const mac = boot.mac ?? '52:54:00:12:34:56'
  return ['-netdev', user.join(','), '-device', `e1000,netdev=n,mac=${mac},romfile=`]
}

/** Starts the machine and waits until it reboots, `until` matches or the time is up. */
export const boot = async (request: Boot): Promise<BootResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'bootwire-ipxe-'))
  const root = join(folder, 'tftp')
  const script = join(folder, 'script.ipxe')
  try {
    await mkdir(root)
    await writeFile(script, request.script)
    for (const [name, body] of Object.entries(request.files ?? {})) {
      await mkdir(dirname(join(root, name)), { recursive: true })
      await writeFile(join(root, name), body)
    }
    const machine = [
      '-nographic',
      '-serial',
      'stdio',
      '-monitor',
      'none',
      '-no-reboot',
      '-m',
      '256',
    ]
    const start = ['-kernel', lkrn(), '-initrd', script]
    return await drive(request, [
      ...machine,
      ...cardOf(request, root),
      ...start,
      ...(request.arguments ?? []),
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const drive = (request: Boot, args: readonly string[]): Promise<BootResult> =>
  new Promise((resolve, reject) => {
    const child = spawn('qemu-system-x86_64', args, { stdio: ['pipe', 'pipe', 'ignore'] })
    const typed = [...(request.typed ?? [])]
    let raw = ''
    let from = 0
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      child.kill('SIGKILL')
    }, request.timeoutMs ?? 60_000)
    child.stdout.setEncoding('latin1')
    child.stdout.on('data', (chunk: string) => {
      raw += chunk
      const text = afterBanner(raw)
      const next = typed[0]
      if (next?.after.test(text.slice(from))) {
        from = text.length
        typed.shift()
        child.stdin.write(Buffer.from(next.keys, 'latin1'))
      }
      if (request.until?.test(text)) child.kill('SIGKILL')
    })
    child.stdin.on('error', () => {
      // The machine may be gone before it has read its last key.
    })
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      resolve({ console: afterBanner(raw), raw, timedOut })
    })
  })
