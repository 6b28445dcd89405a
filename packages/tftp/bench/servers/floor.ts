// The least that a TFTP server in Node can do, as the benchmark's child: ROOT ADDRESS
// Ready packets out of memory, a connected socket for each transfer; no time-outs, no checks, no resends. What it
// costs is node:dgram, one send() for each block and one receive for each ACK: no careful server is below it.
import { createSocket } from 'node:dgram'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const BLOCK = 1468
const [root, address] = process.argv.slice(2)

const packetsOf = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.floor(bytes.length / BLOCK) + 1 }, (_, i) =>
    Buffer.concat([
      Buffer.of(0, 3, (i + 1) >> 8, i + 1),
      bytes.subarray(i * BLOCK, (i + 1) * BLOCK),
    ]),
  )
const files = new Map(
  readdirSync(root!).map((name) => [name, packetsOf(readFileSync(join(root!, name)))]),
)

const listener = createSocket('udp4', (request, { port, address: client }) => {
  const fields = request.toString('latin1', 2).split('\0')
  const packets = files.get(fields[0]!)!
  const windowSize = Number(fields[fields.indexOf('windowsize', 2) + 1]) || 1
  const oack = Buffer.from(`\0\x06blksize\0${BLOCK}\0windowsize\0${windowSize}\0`, 'latin1')
  let acked = 0
  let sent = 0
  const socket = createSocket('udp4', (ack) => {
    acked += (((ack[2]! << 8) | ack[3]!) - acked) & 0xffff
    const end = Math.min(acked + windowSize, packets.length)
    while (sent < end) socket.send(packets[sent++]!)
    if (acked === packets.length) socket.close()
  })
  socket.bind(0, address, () => socket.connect(port, client, () => socket.send(oack)))
})
listener.bind(69, address)
