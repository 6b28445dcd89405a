import { Socket } from 'node:dgram'

import type { Measurement } from '../../../scripts/measure.ts'
import { createTftpServer, get, refuse } from '../src/index.ts'
import { Random } from '../test/random.ts'
import { shareOf } from './share.ts'

const DATAGRAMS = 100_000_000
/** So few that most requests are over the rate of their address. */
const ADDRESSES = 16
/** Between two turns of the loop, in which what was taken up ends. */
const TURN = 2000
const MEBIBYTE = 2 ** 20

/** The listening socket of a server that starts to listen meanwhile: its datagrams can then be handed in by hand. */
const captured = async (listen: () => Promise<unknown>): Promise<Socket> => {
  const sockets: Socket[] = []
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this`
  const { on } = Socket.prototype
  Socket.prototype.on = new Proxy(on, {
    apply: (target, socket: Socket, args) => {
      if (args[0] === 'message') sockets.push(socket)
      return Reflect.apply(target, socket, args)
    },
  })
  await listen().finally(() => (Socket.prototype.on = on))
  return sockets[0]!
}

const WORDS = [
  'file',
  'octet',
  'netascii',
  'blksize',
  'tsize',
  'windowsize',
  'timeout',
  '0',
  '1468',
  '\0',
  '..',
  '/',
]

/** Half of them noise, half of them requests with a flaw somewhere. */
const datagramOf = (random: Random): Buffer => {
  if (random.next() < 0.5) {
    const noise = Buffer.allocUnsafe(random.below(40))
    for (let i = 0; i < noise.length; i++) noise[i] = random.below(256)
    return noise
  }
  const words = Array.from({ length: random.below(8) }, () => random.pick(WORDS))
  const request = Buffer.from(
    `\0${String.fromCodePoint(1 + random.below(2))}${words.join('\0')}\0`,
    'latin1',
  )
  if (random.next() < 0.5) request[random.below(request.length)] = random.below(256)
  return request.subarray(
    0,
    random.next() < 0.7 ? request.length : random.below(request.length + 1),
  )
}

/** What the listening port hears of the whole world: nothing of it throws, stays, or keeps it from serving. */
export const datagrams = async (say: (line: string) => void): Promise<Measurement[]> => {
  const count = shareOf(DATAGRAMS)
  const seed = Date.now() % 1_000_000_000
  say(`seed ${seed}`)
  const random = new Random(seed)
  let taken = 0
  const server = createTftpServer({
    transferPorts: 'single',
    read: ({ filename }) => (filename === 'good' ? Buffer.from('good') : refuse(1, 'no')),
    onTransfer: () => taken++,
  })
  const socket = await captured(() => server.listen({ port: 0, host: '127.0.0.1' }))
  const { port } = server.address()!
  let thrown = 0
  let settledBytes = 0
  const startedAt = performance.now()
  for (let i = 1; i <= count; i++) {
    const datagram = datagramOf(random)
    // Loopback only: whatever is answered stays on this machine.
    const address = `127.1.0.${1 + random.below(ADDRESSES)}`
    const from = {
      address,
      family: 'IPv4',
      port: 1024 + random.below(60_000),
      size: datagram.length,
    }
    try {
      socket.emit('message', datagram, from)
    } catch (error) {
      thrown++
      say(`${datagram.toString('hex')}: ${String(error)}`)
    }
    if (i % TURN === 0) await new Promise((resolve) => setImmediate(resolve))
    if (i === Math.ceil(count / 5)) settledBytes = process.memoryUsage().rss
    if (i % Math.ceil(count / 10) === 0) say(`${i} datagrams, ${taken} taken up`)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const served = await get({ host: '127.0.0.1', port, filename: 'good' })
  const serves = String(await served.bytes()) === 'good'
  await server.close({ deadlineMs: 0 })
  const none = { of: 'ours', is: 'at most', limit: 0 } as const
  return [
    { what: 'datagrams into the listening port', unit: '', ours: count },
    { what: 'of them taken up as requests', unit: '', ours: taken },
    { what: 'of them that threw', unit: '', ours: thrown, bar: none },
    {
      what: 'serves afterwards',
      unit: '',
      ours: Number(serves),
      bar: { of: 'ours', is: 'at least', limit: 1 },
    },
    {
      what: 'memory more than after a fifth of them',
      unit: 'MiB',
      ours: (process.memoryUsage().rss - settledBytes) / MEBIBYTE,
      bar: { of: 'ours', is: 'at most', limit: 64 },
    },
    { what: 'datagrams', unit: '1/s', ours: count / seconds },
  ]
}
