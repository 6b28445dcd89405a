import { styleText } from 'node:util'

import type { DaemonEvent } from '../packages/server/test/lan/daemon.ts'

const BAR = 24
const LABEL = 9

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

const sizeOf = (bytes: unknown): string => {
  const kib = Number(bytes) / 1024
  return kib < 1024 ? `${Math.ceil(kib)} KiB` : `${(kib / 1024).toFixed(1)} MiB`
}

const amountOf = (event: DaemonEvent): string =>
  `${sizeOf(event['bytes'])} in ${text(event['durationMs'])} ms`

const bar = (percent: number): string => {
  const filled = Math.floor((percent * BAR) / 100)
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ${String(percent).padStart(3)} %`
}

/** EDK2 asks for a file's size in a transfer that it breaks off. */
const transferOf = (event: DaemonEvent): string => {
  if (event['outcome'] === 'probe') return `was asked for its size only: ${sizeOf(event['size'])}`
  return event['outcome'] === 'done' ? `${bar(100)}  ${amountOf(event)}` : text(event['outcome'])
}

const labelOf = (path: string): string =>
  path.includes('vmlinuz') ? 'kernel' : path.includes('initrd') ? 'initrd' : 'HTTP'

const ASKS: Readonly<Record<string, string>> = {
  'bios-pxe': 'the PXE ROM asks for an address and what to boot',
  'uefi-pxe': 'UEFI asks for an address and what to boot',
  'uefi-http': 'UEFI HTTP Boot asks for an address and what to boot',
}

const reasonOf = (event: DaemonEvent): string => {
  const reasons = Array.isArray(event['reasons']) ? event['reasons'].map(text) : []
  return reasons.at(-1)?.replace(/^\S+: /, '') ?? ''
}

/** What one event of the daemon's log says in a timeline: a label and a sentence. */
const toldBy = (event: DaemonEvent): readonly [string, string] | undefined => {
  switch (event.event) {
    case 'dhcp.request':
      return event['firmware'] === 'ipxe'
        ? ['iPXE', 'runs, and asks what to boot']
        : [text(event['type']).toUpperCase(), ASKS[text(event['firmware'])] ?? 'a machine asks']
    case 'dhcp.reply':
      return [text(event['type']), `${text(event['file'])}  (${reasonOf(event)})`]
    case 'tftp.start':
      return ['TFTP', `${text(event['file'])} ${bar(0)}`]
    case 'tftp.end':
      return ['TFTP', `${text(event['file'])} ${transferOf(event)}`]
    case 'http.script':
      return ['script', `iPXE fetches its script: profile "${text(event['profile'])}"`]
    case 'http.asset':
      return [labelOf(text(event['path'])), `${text(event['path'])}: ${amountOf(event)}`]
    case 'dhcp.drop':
    case 'http.refused':
    case 'warning':
      return ['refused', text(event['why'] ?? event['reason'])]
    default:
      return undefined
  }
}

/** Prints a boot as it happens, one line per step; on a terminal a transfer has a moving bar. */
export class Timeline {
  readonly #out: NodeJS.WriteStream
  #startMs = Date.now()
  #barShown = -1

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  title(line: string): void {
    this.#out.write(`\n${this.#styled('bold', line)}\n\n`)
  }

  start(): void {
    this.#startMs = Date.now()
  }

  say(label: string, sentence: string): void {
    this.#out.write(`${this.#line(label, sentence)}\n`)
  }

  tell(event: DaemonEvent): void {
    if (event.event === 'tftp.progress') this.#progress(event)
    const told = toldBy(event)
    if (!told) return
    this.#barShown = -1
    this.say(...told)
  }

  #progress(event: DaemonEvent): void {
    const percent = Number(event['percent'] ?? 0)
    const filled = Math.floor((percent * BAR) / 100)
    // In a file every quarter is enough.
    const shown = this.#out.isTTY ? filled : Math.floor(percent / 25)
    if (shown <= this.#barShown || percent >= 100) return
    this.#barShown = shown
    const line = this.#line('TFTP', `${text(event['file'])} ${bar(percent)}`)
    this.#out.write(this.#out.isTTY ? `${line}\r` : `${line}\n`)
  }

  #line(label: string, sentence: string): string {
    const seconds = ((Date.now() - this.#startMs) / 1000).toFixed(2).padStart(6)
    const cleared = this.#out.isTTY ? '\u001B[2K' : ''
    return `${cleared}${this.#styled('dim', `${seconds} s`)}  ${this.#styled('cyan', label.padEnd(LABEL))} ${sentence}`
  }

  #styled(style: 'bold' | 'dim' | 'cyan', line: string): string {
    return this.#out.isTTY ? styleText(style, line) : line
  }
}
