import fc from 'fast-check'

import type { Measure, Measurement } from '../../../scripts/measure.ts'
import {
  DhcpError,
  type DhcpPacket,
  decodeIpxe,
  decodePacket,
  decodeRelayAgent,
  decodeUserClasses,
  decodeVendorOptions,
  encodePacket,
  summary,
} from '../src/codec/index.ts'
import { viewPacket } from '../src/codec/view.ts'
import { buildReply, readRequest, requestFacts, type BootRequest } from '../src/index.ts'
import { clientPacket, ipxePacket, uefiPacket } from '../test/support/packets.ts'
import { arrival } from '../test/support/requests.ts'
import { proveClients } from './clients.ts'
import { fuzz6 } from './v6.ts'

const EXECUTIONS = 10_000_000
const SEEDS = [
  clientPacket(),
  uefiPacket(),
  ipxePacket(),
  clientPacket(
    { giaddr: '10.1.0.1' },
    { 82: Uint8Array.of(1, 2, 65, 66), 43: Uint8Array.of(71, 4, 128, 0, 0, 0, 255) },
  ),
].map(encodePacket)

/** Marsaglia's xorshift: fast, and the same run after run. */
const randomFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** A packet of a real client with a few bytes changed, cut, or a stretch of it repeated. */
const mutate = (random: (below: number) => number): Uint8Array => {
  const seed = SEEDS[random(SEEDS.length)]!
  const bytes = seed.slice(0, random(4) === 0 ? random(seed.length + 1) : seed.length)
  if (bytes.length === 0) return bytes
  for (let i = random(6); i > 0; i--) bytes[random(bytes.length)] = random(256)
  if (random(3) === 0) bytes.copyWithin(random(bytes.length), random(bytes.length))
  // Half of the changes go where the options are.
  if (bytes.length > 240)
    for (let i = random(6); i > 0; i--) bytes[240 + random(bytes.length - 240)] = random(256)
  return bytes
}

const bytesOf = ({ options }: DhcpPacket): number => {
  let sum = 0
  for (const value of options.values()) sum += value.length
  return sum
}

/** A reply may be refused as too large, and for nothing else. */
const answer = (request: BootRequest): void => {
  try {
    buildReply(request, { action: 'boot', file: 'http://10.0.0.1/a.efi' })
  } catch (error) {
    const code = error instanceof DhcpError ? error.code : ''
    if (code !== 'ERR_DHCP_REPLY_TOO_LARGE' && code !== 'ERR_DHCP_OPTION_TOO_LONG') throw error
  }
}

/** Everything that reads what a client sent. */
const readAll = (bytes: Uint8Array, packet: DhcpPacket): void => {
  const read = readRequest(bytes, arrival())
  if (read.ok) {
    requestFacts(read.value)
    answer(read.value)
  }
  for (const value of packet.options.values()) {
    decodeVendorOptions(value)
    decodeIpxe(value)
    decodeUserClasses(value)
    decodeRelayAgent(value)
  }
}

interface Counts {
  decoded: number
  refused: number
  foreignErrors: number
  /** Most bytes of option values for one byte of input. */
  growth: number
  notTheSame: number
}

/** decode(encode(decode(x))) = decode(x), where it can be encoded at all. */
const survives = (packet: DhcpPacket): boolean => {
  let bytes: Uint8Array
  try {
    bytes = encodePacket(packet)
  } catch (error) {
    return error instanceof DhcpError
  }
  const again = encodePacket(decodePacket(bytes))
  return Buffer.compare(bytes, again) === 0
}

const execute = (counts: Counts, bytes: Uint8Array, thorough: boolean): void => {
  try {
    const packet = decodePacket(bytes)
    counts.decoded++
    counts.growth = Math.max(counts.growth, bytesOf(packet) / bytes.length)
    if (!thorough) return
    readAll(bytes, packet)
    if (!viewPacket(bytes)) counts.foreignErrors++
    summary(packet)
    if (!survives(packet)) counts.notTheSame++
  } catch (error) {
    if (error instanceof DhcpError && error.code === 'ERR_DHCP_MALFORMED') {
      counts.refused++
      if (thorough && viewPacket(bytes)) counts.foreignErrors++
    } else counts.foreignErrors++
  }
}

const fuzz = (say: (line: string) => void): Measurement[] => {
  const random = randomFrom(0x5eed)
  const counts: Counts = { decoded: 0, refused: 0, foreignErrors: 0, growth: 0, notTheSame: 0 }
  for (let i = 0; i < EXECUTIONS; i++) {
    // Every eighth goes through all that reads a packet, the others through the decoder alone.
    execute(counts, mutate(random), i % 8 === 0)
    if (i % 1_000_000 === 999_999) say(`${i + 1} executions`)
  }
  const none = { of: 'ours', is: 'at most', limit: 0 } as const
  return [
    {
      what: 'executions',
      unit: '',
      ours: EXECUTIONS,
      bar: { of: 'ours', is: 'at least', limit: EXECUTIONS },
    },
    { what: 'decoded', unit: '', ours: counts.decoded },
    { what: 'refused as malformed', unit: '', ours: counts.refused },
    { what: 'other errors', unit: '', ours: counts.foreignErrors, bar: none },
    { what: 'not the same after encoding', unit: '', ours: counts.notTheSame, bar: none },
    {
      what: 'option bytes for one of input',
      unit: '',
      ours: counts.growth,
      bar: { of: 'ours', is: 'at most', limit: 1 },
    },
  ]
}

/** Random bytes, shrunk where one fails: fast-check, a hundred thousand runs. */
const random = (): Measurement => {
  const runs = 100_000
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
      const counts: Counts = { decoded: 0, refused: 0, foreignErrors: 0, growth: 0, notTheSame: 0 }
      execute(counts, bytes, true)
      return counts.foreignErrors === 0 && counts.notTheSame === 0
    }),
    { numRuns: runs },
  )
  return { what: 'random inputs by fast-check', unit: '', ours: runs }
}

/** Parts: `fuzz`, `v6`, `random`, `clients`. */
export const prove: Measure = async (context) => {
  const { say, only } = context
  const wanted = (part: string): boolean =>
    only.length === 0 || only.some((word) => part.includes(word))
  return [
    ...(wanted('fuzz') ? fuzz(say) : []),
    ...(wanted('v6') ? fuzz6(say, randomFrom(0x5eed6)) : []),
    ...(wanted('random') ? [random()] : []),
    ...(wanted('clients') ? await proveClients(context) : []),
  ]
}
