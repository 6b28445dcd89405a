import { createReadStream, readdirSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'

import { Opcode, type Packet } from '../src/codec/index.ts'
import type { ReadAnswer } from '../src/index.ts'
import type { RawClient } from './raw-client.ts'

/** Open descriptors of this process, on Linux. */
export const descriptors = (): number => readdirSync('/proc/self/fd').length

async function* ofHandle(handle: FileHandle) {
  try {
    yield* handle.createReadStream({ autoClose: false })
  } finally {
    await handle.close()
  }
}

/** Every way to answer with something that is open. */
export const answersFrom = (
  path: string,
  shared: FileHandle,
): Readonly<Record<string, () => ReadAnswer | Promise<ReadAnswer>>> => {
  const stream = () => createReadStream(path)
  return {
    path: () => ({ file: path }),
    'shared handle': () => ({ file: shared }),
    'own handle': async () => ({ handle: await open(path), close: true }),
    stream: () => stream(),
    'stream of text': () => createReadStream(path, 'latin1'),
    'stream with size': () => ({ stream: stream(), size: 3000 }),
    'web stream': () => ({ stream: Readable.toWeb(stream()), size: 3000 }),
    'generator that owns a file': async () => ofHandle(await open(path)),
    'offset reader': async () => {
      const handle = await open(path)
      return {
        size: 3000,
        read: async (offset, length) =>
          (await handle.read(Buffer.alloc(length), 0, length, offset)).buffer,
        close: () => void handle.close(),
      }
    },
  }
}

/** Ways in which a client leaves. */
const LEAVES = ['at the OACK', 'after a block', 'at the end'] as const

/** From where each client's transfer comes. */
const ports = new WeakMap<RawClient, number>()

/**
 * The port of the transfer that was asked for with `blksize`; what the ones before still send is passed over. The port
 * alone does not tell: the system may give a transfer the port of the one before.
 */
const answeringPort = async (client: RawClient, blksize: string): Promise<number> => {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one packet after the other
    const { port, packet } = await client.next()
    if (packet?.opcode !== Opcode.OACK || packet.options['blksize'] !== blksize) continue
    ports.set(client, port)
    return port
  }
}

/** The block that comes next, or what ends the transfer. A busy server sends some twice: those are passed over. */
const nextBlock = async (client: RawClient, block: number): Promise<Packet | undefined> => {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one packet after the other
    const { packet, port } = await client.next()
    const isOld =
      port !== ports.get(client) ||
      packet?.opcode === Opcode.OACK ||
      (packet?.opcode === Opcode.DATA && packet.block !== block)
    if (!isOld) return packet
  }
}

const leave = async (
  client: RawClient,
  name: string,
  mode: string,
  how: string,
  blksize: number,
): Promise<void> => {
  client.read(name, ['blksize', `${blksize}`], mode)
  const port = await answeringPort(client, `${blksize}`)
  const end = () => client.send({ opcode: Opcode.ERROR, code: 8, message: 'probe' }, port)
  if (how === 'at the OACK') {
    end()
    return
  }
  client.send({ opcode: Opcode.ACK, block: 0 }, port)
  for (let block = 1; ; block++) {
    const packet = await nextBlock(client, block)
    if (packet?.opcode !== Opcode.DATA) return
    if (how === 'after a block') {
      end()
      return
    }
    client.send({ opcode: Opcode.ACK, block }, port)
    if (packet.data.length < blksize) return
  }
}

/** Transfer `i` of a row in which every answer meets every mode and every way to leave. */
export const transferOf = (client: RawClient, i: number, answers: number): Promise<void> => {
  const how = LEAVES[Math.floor(i / answers) % LEAVES.length]!
  const mode = Math.floor(i / (answers * LEAVES.length)) % 2 === 0 ? 'octet' : 'netascii'
  return leave(client, String(i), mode, how, 600 + (i % 800))
}
