import type { DhcpPacket } from '../../src/codec/index.ts'
import type { BootAnswer } from '../../src/decide/decision.ts'
import { type IntakeOptions, readRequest } from '../../src/decide/intake.ts'
import { type Reply, buildReply } from '../../src/decide/reply.ts'
import type { Arrival, BootRequest } from '../../src/decide/request.ts'

export const SERVER = '10.0.0.1'

export const arrival = (fields: Partial<Arrival> = {}): Arrival => ({
  port: 67,
  peer: { address: '0.0.0.0', port: 68 },
  interface: 'lan0',
  localAddress: SERVER,
  ...fields,
})

/** What an EDK2 client that has an address sends from. */
export const fromEdk2 = arrival({ port: 4011, peer: { address: '10.0.0.50', port: 4011 } })

/** The reason a packet is dropped for at the door, or undefined. */
export const dropOf = (
  packet: DhcpPacket,
  fields: Partial<Arrival> = {},
  options?: IntakeOptions,
) => {
  const read = readRequest(packet, arrival(fields), options)
  return read.ok ? undefined : read.drop.reason
}

export const requestOf = (
  packet: DhcpPacket,
  fields: Partial<Arrival> = {},
  options?: IntakeOptions,
): BootRequest => {
  const read = readRequest(packet, arrival(fields), options)
  if (!read.ok) throw new Error(`dropped: ${read.drop.reason}, ${read.drop.detail}`)
  return read.value
}

export const replyTo = (
  packet: DhcpPacket,
  answer: Omit<BootAnswer, 'action'>,
  fields: Partial<Arrival> = {},
): Reply => {
  const reply = buildReply(requestOf(packet, fields), { action: 'boot', ...answer })
  if (!reply) throw new Error('no such boot item')
  return reply
}
