import { createSocket } from 'node:dgram'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { DgramAsPromised } from 'dgram-as-promised'

const DATAGRAMS = 64

const sendTo = async (port: number): Promise<void> => {
  const sender = createSocket('udp4')
  const sends = Array.from(
    { length: DATAGRAMS },
    () => new Promise((resolve) => sender.send(Buffer.alloc(300), port, '127.0.0.1', resolve)),
  )
  await Promise.all(sends)
  await new Promise<void>((resolve) => sender.close(() => resolve()))
}

/** Lets everything that has arrived be delivered: far more turns of the event loop than it takes. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await setImmediate()
}

/** How many of 64 datagrams the library's own receive loop sees when its body awaits one turn of the event loop. */
export const receivedByLoop = async (): Promise<number> => {
  const socket = DgramAsPromised.createSocket('udp4')
  const { port } = await socket.bind(0, '127.0.0.1')
  let received = 0
  const loop = (async () => {
    for await (const packet of socket) {
      if (!packet) break
      received++
      await setImmediate()
    }
  })()
  await sendTo(port)
  await settle()
  await socket.close()
  await loop
  return received
}

/** The same by `message` events of the library's public `.socket`. */
export const receivedByEvents = async (): Promise<number> => {
  const socket = DgramAsPromised.createSocket('udp4')
  let received = 0
  socket.socket.on('message', () => {
    received++
  })
  const { port } = await socket.bind(0, '127.0.0.1')
  await sendTo(port)
  await settle()
  await socket.close()
  return received
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`for await: ${await receivedByLoop()} of ${DATAGRAMS}\n`)
  process.stdout.write(`events:    ${await receivedByEvents()} of ${DATAGRAMS}\n`)
}
