import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'

import { loadSocketHelper, type SocketHelper } from '../src/index.ts'

const { helper, reason } = loadSocketHelper()

/** Why the tests that need it are skipped. */
export const missing: string | undefined = reason

/** The helper of this machine. */
export const theHelper = (): SocketHelper => {
  if (!helper) throw new Error(reason)
  return helper
}

/** A plain UDP socket that keeps what it hears. */
export class Peer implements AsyncDisposable {
  readonly heard: { readonly text: string; readonly from: RemoteInfo }[] = []
  readonly socket: Socket

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('message', (bytes, from) => this.heard.push({ text: String(bytes), from }))
  }

  static async at(address = '127.0.0.1'): Promise<Peer> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    const peer = new Peer(socket)
    socket.bind(0, address)
    await once(socket, 'listening')
    return peer
  }

  get port(): number {
    return this.socket.address().port
  }

  send(bytes: string | Uint8Array, port: number, address = '127.0.0.1'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(bytes, port, address, (error) => (error ? reject(error) : resolve()))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closed(this.socket)
  }
}

/** Resolves when the condition holds; loopback delivers within a turn or two of the loop. */
export const until = async (condition: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 2000 && !condition(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  if (!condition()) throw new Error('it did not happen within two seconds')
}

/** The code of the error that a call throws; undefined when it throws none. */
export const codeOf = (call: () => unknown): unknown => {
  try {
    call()
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

/** A node:dgram socket on a descriptor; connected, when given a port. */
export const inDgram = async (fd: number, connectTo?: number): Promise<Socket> => {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => {
    socket.bind({ fd }, resolve)
  })
  if (connectTo !== undefined) {
    await new Promise<void>((resolve) => {
      socket.connect(connectTo, '127.0.0.1', resolve)
    })
  }
  return socket
}

export const closed = async (socket: Socket): Promise<void> => {
  socket.close()
  await once(socket, 'close')
}
