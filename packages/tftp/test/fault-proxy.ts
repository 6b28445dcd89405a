import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

import { onTestFinished } from 'vitest'

import type { Random } from './random.ts'

/** How likely a datagram is lost or comes twice on its way. */
export interface ProxyFaults {
  readonly loss: number
  readonly duplication: number
}

/**
 * A UDP proxy between a client and a server that nobody here wrote, which loses and repeats what it carries.
 *
 * For each client it has a socket towards the server, and one for each port from which the server answers.
 */
export const faultProxy = async (
  server: { readonly host: string; readonly port: number },
  faults: ProxyFaults,
  random: Random,
): Promise<{ readonly port: number; readonly mishaps: () => number }> => {
  const sockets: Socket[] = []
  let mishaps = 0
  const bound = async (): Promise<Socket> => {
    const socket = createSocket('udp4')
    socket.on('error', () => {}) // the peer is gone: a lost datagram
    sockets.push(socket)
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return socket
  }
  const carry = (through: Socket, bytes: Buffer, port: number, host: string) => {
    const fate = random.next()
    if (fate < faults.loss + faults.duplication) mishaps++
    if (fate < faults.loss) return
    through.send(bytes, port, host)
    if (fate < faults.loss + faults.duplication) through.send(bytes, port, host)
  }
  const front = await bound()
  const clients = new Map<number, Promise<Socket>>()
  const forClient = async (clientPort: number): Promise<Socket> => {
    const toServer = await bound()
    /** What the client sees as the server's transfer port, by the server's. */
    const faces = new Map<number, Promise<Socket>>()
    const faceOf = async (serverPort: number): Promise<Socket> => {
      const face = await bound()
      face.on('message', (bytes) => carry(toServer, bytes, serverPort, server.host))
      return face
    }
    toServer.on('message', (bytes, from) => {
      const face = faces.get(from.port) ?? faceOf(from.port)
      faces.set(from.port, face)
      void face.then((socket) => carry(socket, bytes, clientPort, '127.0.0.1'))
    })
    return toServer
  }
  front.on('message', (bytes, from) => {
    const client = clients.get(from.port) ?? forClient(from.port)
    clients.set(from.port, client)
    void client.then((socket) => carry(socket, bytes, server.port, server.host))
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.close()
  })
  return { port: front.address().port, mishaps: () => mishaps }
}
