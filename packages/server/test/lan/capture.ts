import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

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

/** tcpdump on the bed's bridge. */
export class Capture {
  readonly #path: string
  readonly #child: ChildProcess

  private constructor(path: string, child: ChildProcess) {
    this.#path = path
    this.#child = child
  }

  static async start(bed: Bed): Promise<Capture> {
    const path = join(bed.folder, 'lan.pcap')
    const options = [
      '-i',
      'br0',
      '-U',
      '-n',
      '-Z',
      'root',
      '-B',
      '16384',
      '--immediate-mode',
      '-w',
      path,
    ]
    const child = bed.spawn('switch', 'tcpdump', [...options, 'ip and (udp or tcp)'])
    await once(child.stderr!, 'data') // "tcpdump: listening on br0": from here on nothing is missed
    child.stderr!.resume()
    return new Capture(path, child)
  }

  /** What has been seen so far, in order. */
  packets(): Packet[] {
    return decodeCapture(readFileSync(this.#path))
  }

  /** Ends the capture, so that nothing of it is still on its way to the file. */
  async stop(): Promise<readonly Packet[]> {
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGINT')
    await closed
    return this.packets()
  }
}
