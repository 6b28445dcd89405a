// Reads ADDRESS FILE by TFTP, slowly until a line comes on standard input, and prints the SHA-256 of what came.
import { createHash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { setTimeout as pause } from 'node:timers/promises'

const [address = '', file = ''] = process.argv.slice(2)
const BLOCK_BYTES = 1024
/** Less than a server waits before it sends a block again. */
const SLOW_MS = 100

const hash = createHash('sha256')
const socket = createSocket('udp4')
let expected = 1
let isSlow = true
process.stdin.once('data', () => {
  isSlow = false
  process.stdin.destroy()
})

const answer = async (packet: Buffer, port: number): Promise<void> => {
  const opcode = packet.readUInt16BE(0)
  const block = opcode === 6 ? 0 : packet.readUInt16BE(2)
  if (opcode === 5) throw new Error(packet.toString('latin1', 4))
  if (opcode === 3 && block === expected % 65_536) {
    hash.update(packet.subarray(4))
    expected++
    if (isSlow) await pause(SLOW_MS)
  }
  const ack = Buffer.from([0, 4, block >> 8, block & 0xff])
  const isLast = opcode === 3 && packet.length < BLOCK_BYTES + 4
  socket.send(ack, port, address, () => {
    if (!isLast) return
    process.stdout.write(hash.digest('hex'))
    socket.close()
  })
}

socket.on('message', (packet, { port }) => void answer(packet, port))
const words = [file, 'octet', 'blksize', String(BLOCK_BYTES)]
socket.send(
  Buffer.from(`\0\u0001${words.map((word) => `${word}\0`).join('')}`, 'latin1'),
  69,
  address,
)
