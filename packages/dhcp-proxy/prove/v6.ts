import { readdirSync } from 'node:fs'

import type { Measurement } from '../../../scripts/measure.ts'
import {
  decodeBootFileParameters,
  decodeBootFileUrl,
  decodeDnsServers,
  decodeDuid,
  decodeIaAddress,
  decodeIaNa,
  decodeLinkLayerAddress,
  decodeMessage6,
  decodeOptionRequest,
  decodeRelayed,
  decodeRemoteId,
  decodeStatusCode,
  decodeUserClasses6,
  decodeVendorClass6,
  decodeVendorOptions6,
  DhcpError,
  encodeMessage6,
  encodeRelayed,
  type Dhcp6Message,
} from '../src/v6/codec/index.ts'
import { vector6 } from '../test/support/vectors6.ts'

const EXECUTIONS = 10_000_000
const READERS: readonly ((bytes: Uint8Array) => unknown)[] = [
  decodeBootFileParameters,
  decodeBootFileUrl,
  decodeDnsServers,
  decodeDuid,
  decodeIaAddress,
  decodeIaNa,
  decodeLinkLayerAddress,
  decodeOptionRequest,
  decodeRemoteId,
  decodeStatusCode,
  decodeUserClasses6,
  decodeVendorClass6,
  decodeVendorOptions6,
]

/** Messages of real clients, and each as two relay agents hand it on. */
const seeds = (): Uint8Array[] => {
  const folder = new URL('../test/v6/codec/vectors/', import.meta.url)
  const clients = readdirSync(folder).map((name) => vector6(name.replace(/\.txt$/, '')))
  const relay = { type: 12, hopCount: 0, linkAddress: 'fd66::1', peerAddress: 'fe80::1' } as const
  const relayed = (value: Uint8Array): Uint8Array =>
    encodeMessage6({
      ...relay,
      options: [
        { code: 18, value: Uint8Array.of(1, 2) },
        { code: 9, value },
      ],
    })
  return [...clients, ...clients.map((bytes) => relayed(relayed(bytes)))]
}

const isMalformed = (error: unknown): boolean =>
  error instanceof DhcpError && error.code === 'ERR_DHCP_MALFORMED'

/** What is malformed inside a message is refused there; anything else comes out. */
const attempt = (action: () => void): void => {
  try {
    action()
  } catch (error) {
    if (!isMalformed(error)) throw error
  }
}

/** Everything that reads what a client sent. */
const readAll = (bytes: Uint8Array, { options }: Dhcp6Message): void => {
  for (const { value } of options) for (const read of READERS) attempt(() => read(value))
  attempt(() => {
    const relayed = decodeRelayed(bytes)
    if (relayed.message.options.every(({ code }) => code !== 0)) encodeRelayed(relayed)
  })
}

const isSame = (message: Dhcp6Message, bytes: Uint8Array): boolean =>
  // Code 0, which is reserved, is read and never written.
  message.options.some(({ code }) => code === 0) ||
  Buffer.compare(encodeMessage6(message), bytes) === 0

/** Ten million messages of real clients with bytes changed, moved and cut. */
export const fuzz6 = (
  say: (line: string) => void,
  random: (below: number) => number,
): Measurement[] => {
  const from = seeds()
  const counts = { decoded: 0, refused: 0, foreign: 0, notTheSame: 0 }
  for (let i = 0; i < EXECUTIONS; i++) {
    const seed = from[random(from.length)]!
    const bytes = seed.slice(0, random(4) === 0 ? random(seed.length + 1) : seed.length)
    for (let k = bytes.length === 0 ? 0 : random(6); k > 0; k--)
      bytes[random(bytes.length)] = random(256)
    if (bytes.length > 0 && random(3) === 0)
      bytes.copyWithin(random(bytes.length), random(bytes.length))
    try {
      const message = decodeMessage6(bytes)
      counts.decoded++
      // Every eighth goes through all that reads a message, the others through the decoder alone.
      if (i % 8 === 0) {
        if (!isSame(message, bytes)) counts.notTheSame++
        readAll(bytes, message)
      }
    } catch (error) {
      if (isMalformed(error)) counts.refused++
      else counts.foreign++
    }
    if (i % 1_000_000 === 999_999) say(`${i + 1} executions of DHCPv6`)
  }
  const none = { of: 'ours', is: 'at most', limit: 0 } as const
  return [
    { what: 'DHCPv6: executions', unit: '', ours: EXECUTIONS },
    { what: 'DHCPv6: decoded', unit: '', ours: counts.decoded },
    { what: 'DHCPv6: refused as malformed', unit: '', ours: counts.refused },
    { what: 'DHCPv6: other errors', unit: '', ours: counts.foreign, bar: none },
    { what: 'DHCPv6: other bytes after encoding', unit: '', ours: counts.notTheSame, bar: none },
  ]
}
