import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

import { onTestFinished } from 'vitest'

import { encode, Opcode, safeDecode, type Packet } from '../src/codec/index.ts'

/** What came, and from which port. */
interface Arrival {
  readonly packet: Packet | undefined
  readonly port: number
}

/** A socket and what it received. */
export interface RawClient {
  readonly socket: Socket
  /** What nobody has asked for yet. */
  readonly queue: readonly Arrival[]
  send(bytes: Uint8Array | Packet, to?: number): void
  next(): Promise<Arrival>
  /** Sends a read request. */
  read(name: string | Uint8Array, options?: readonly string[], mode?: string): void
}

/** A client that sends what it is told to, until its socket is closed. */
export const openRawClient = async (port: number): Promise<RawClient> => {
  const socket = createSocket('udp4')
  const queue: Arrival[] = []
  socket.on('message', (bytes, from) => {
    queue.push({ packet: safeDecode(bytes), port: from.port })
    socket.emit('queued')
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const send = (bytes: Uint8Array | Packet, to = port) =>
    socket.send(bytes instanceof Uint8Array ? bytes : encode(bytes), to, '127.0.0.1')
  const next = async () => {
    if (queue.length === 0) await once(socket, 'queued')
    return queue.shift()!
  }
  const read = (name: string | Uint8Array, options: readonly string[] = [], mode = 'octet') =>
    send(
      Buffer.concat([
        Buffer.of(0, 1),
        Buffer.from(name),
        Buffer.from(['', mode, ...options, ''].join('\0')),
      ]),
    )
  return { socket, send, next, read, queue }
}

/** The same for the length of a test. */
export const rawClient = async (port: number): Promise<RawClient> => {
  const client = await openRawClient(port)
  onTestFinished(() => void client.socket.close())
  return client
}

/** What the server says to a request for `name`. */
export const answerTo = async (
  port: number,
  name: string | Uint8Array,
  options: readonly string[] = [],
): Promise<Packet> => {
  const client = await rawClient(port)
  client.read(name, options)
  const { packet, port: transfer } = await client.next()
  client.send({ opcode: Opcode.ERROR, code: 0, message: '' }, transfer)
  return packet!
}
