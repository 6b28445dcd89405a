import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

import type { Bed } from './bed.ts'

/** One IPv4 UDP or TCP packet seen on the bridge. */
export interface Packet {
  readonly timeMs: number
  readonly sourceMac: string
  readonly protocol: 'udp' | 'tcp'
  readonly source: string
  readonly sourcePort: number
  readonly target: string
  readonly targetPort: number
  /** TCP's sequence number; 0 for UDP. */
  readonly sequence: number
  readonly payload: Buffer
}

const PCAP_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 16
const ETHERNET_BYTES = 14
const IPV4 = 0x0800
const UDP = 17
const TCP = 6

const macOf = (bytes: Buffer): string => bytes.toString('hex').replace(/..(?!$)/g, '$&:')
const addressOf = (bytes: Buffer): string => [...bytes].join('.')

//   ethernet: target 6, source 6, type 2 | IPv4: version+length 1, .., total length 2 @2, protocol @9,
//   source 4 @12, target 4 @16 | UDP: ports 2+2, length 2, sum 2 | TCP: ports 2+2, sequence 4, .., offset @12
const decode = (frame: Buffer, timeMs: number): Packet | undefined => {
  if (frame.length < ETHERNET_BYTES + 20 || frame.readUInt16BE(12) !== IPV4) return undefined
  const datagram = frame.subarray(ETHERNET_BYTES, ETHERNET_BYTES + frame.readUInt16BE(16))
  const segment = datagram.subarray((datagram[0]! & 0x0f) * 4)
  const kind = datagram[9]
  const isFragment = (datagram.readUInt16BE(6) & 0x1fff) !== 0
  if ((kind !== UDP && kind !== TCP) || isFragment || segment.length < 8) return undefined
  return {
    timeMs,
    sourceMac: macOf(frame.subarray(6, 12)),
    protocol: kind === UDP ? 'udp' : 'tcp',
    source: addressOf(datagram.subarray(12, 16)),
    target: addressOf(datagram.subarray(16, 20)),
    sourcePort: segment.readUInt16BE(0),
    targetPort: segment.readUInt16BE(2),
    sequence: kind === TCP ? segment.readUInt32BE(4) : 0,
    payload: segment.subarray(kind === UDP ? 8 : (segment[12]! >> 4) * 4),
  }
}

/** Reads a capture file in the format of tcpdump on this (little-endian) host; a cut last record is left out. */
const decodeCapture = (bytes: Buffer): Packet[] => {
  const packets: Packet[] = []
  let at = PCAP_HEADER_BYTES
  while (at + RECORD_HEADER_BYTES <= bytes.length) {
    const timeMs = bytes.readUInt32LE(at) * 1000 + bytes.readUInt32LE(at + 4) / 1000
    const end = at + RECORD_HEADER_BYTES + bytes.readUInt32LE(at + 8)
    if (end > bytes.length) break
    const packet = decode(bytes.subarray(at + RECORD_HEADER_BYTES, end), timeMs)
    if (packet) packets.push(packet)
    at = end
  }
  return packets
}

/** What the kernel keeps while tcpdump gets no time: more than a whole boot of these tests. */
const BUFFER_KIB = 131_072

const OPTIONS = [
  '-i',
  'br0',
  '-U',
  '-n',
  '-Z',
  'root',
  '-B',
  String(BUFFER_KIB),
  '--immediate-mode',
]

/** tcpdump's answer to SIGUSR1. */
const COUNTS = /(\d+) packets? captured, (\d+) packets? received by filter, (\d+) packets? dropped/
const PATIENCE_MS = 30_000

interface Counts {
  /** Written to the file. */
  readonly captured: number
  /** Seen by the kernel; the others are still on their way. */
  readonly received: number
}

/** tcpdump on the bed's bridge. It gives every packet or fails: a test must not judge a boot by half of it. */
export class Capture {
  readonly #path: string
  readonly #child: ChildProcess
  readonly #lines: Interface
  /** tcpdump answers one question at a time. */
  #asked: Promise<unknown> = Promise.resolve()

  private constructor(path: string, child: ChildProcess) {
    this.#path = path
    this.#child = child
    this.#lines = createInterface({ input: child.stderr! })
  }

  static async start(bed: Bed): Promise<Capture> {
    const path = join(bed.folder, 'lan.pcap')
    const filter = 'ip and (udp or tcp)'
    const capture = new Capture(
      path,
      bed.spawn('switch', 'tcpdump', [...OPTIONS, '-w', path, filter]),
    )
    await capture.#line() // "tcpdump: listening on br0": from here on nothing is missed
    return capture
  }

  /** What the bridge has carried until now, in order. Rejects when the kernel had no room for a packet. */
  async packets(): Promise<Packet[]> {
    const { received } = await this.#counts()
    while ((await this.#counts()).captured < received) await pause(20)
    return decodeCapture(readFileSync(this.#path))
  }

  async #counts(): Promise<Counts> {
    const answer = this.#asked.then(async () => {
      const line = this.#line()
      this.#child.kill('SIGUSR1')
      return line
    })
    this.#asked = answer.catch(() => undefined)
    const [, captured, received, dropped] = COUNTS.exec(await answer) ?? []
    if (dropped !== '0')
      throw new Error(`the capture is not whole, so it proves nothing; tcpdump: ${await answer}`)
    return { captured: Number(captured), received: Number(received) }
  }

  async #line(): Promise<string> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const [line]: unknown[] = await once(this.#lines, 'line', { signal })
    return String(line)
  }
}
