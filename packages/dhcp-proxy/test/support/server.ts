import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import { type DhcpPacket, encodePacket } from '../../src/codec/index.ts'
import {
  CHANNELS,
  type AddressRecord,
  type DecisionRecord,
  type DropRecord,
  type NoticeRecord,
  type PacketRecord,
  type ProxyDhcpServer,
  type ProxyDhcpServerOptions,
  type ReplyRecord,
  createProxyDhcpServer,
} from '../../src/index.ts'
import { MemoryUdp } from './memory-udp.ts'
import { SERVER } from './requests.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface Records {
  readonly packet: PacketRecord[]
  readonly decision: DecisionRecord[]
  readonly reply: ReplyRecord[]
  readonly drop: DropRecord[]
  readonly address: AddressRecord[]
  readonly notice: NoticeRecord[]
}

export interface Bench {
  readonly server: ProxyDhcpServer
  readonly udp: MemoryUdp
  readonly clock: VirtualClock
  readonly records: Records
  /** Broadcasts a packet to port 67. */
  readonly hear: (packet: DhcpPacket) => void
  /** The reasons of all drops so far. */
  readonly drops: () => string[]
  readonly close: () => Promise<void>
}

const SHARED_OFF = { shared: false } as const

/** A server on sockets in memory and a virtual clock, with everything it published. */
export const serve = async (options: Partial<ProxyDhcpServerOptions> = {}): Promise<Bench> => {
  const udp = new MemoryUdp()
  const clock = new VirtualClock()
  const records: Records = {
    packet: [],
    decision: [],
    reply: [],
    drop: [],
    address: [],
    notice: [],
  }
  const listeners = Object.entries(CHANNELS).map(([key, name]) => {
    const listener = (message: unknown) => {
      // What is published must survive JSON unchanged.
      const list: unknown[] = Object.entries(records).find(([kind]) => kind === key)?.[1] ?? []
      list.push(JSON.parse(JSON.stringify(message)))
    }
    subscribe(name, listener)
    return () => unsubscribe(name, listener)
  })
  const server = createProxyDhcpServer({
    address: SERVER,
    interface: 'lan0',
    instance: 'test',
    decide: () => ({ action: 'boot', file: 'undionly.kpxe' }),
    transport: udp,
    clock,
    ...SHARED_OFF,
    ...options,
  })
  await server.listen()
  return {
    server,
    udp,
    clock,
    records,
    hear: (packet) => udp.broadcast(encodePacket(packet)),
    drops: () => records.drop.map(({ reason }) => reason),
    close: async () => {
      await server.close()
      for (const off of listeners) off()
    },
  }
}

/** Lets promises that wait for nothing else go on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Every notice of every server, from now on. */
export const subscribeTo = (kind: 'notice'): NoticeRecord[] => {
  const list: NoticeRecord[] = []
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the channel's documented shape
  subscribe(CHANNELS[kind], (message) => list.push(message as NoticeRecord))
  return list
}
