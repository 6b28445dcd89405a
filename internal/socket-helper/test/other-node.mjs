// Uses the .node file given with whatever `node` runs this: a socket in the hands of node:dgram, read by the helper. Prints
// what it heard as JSON.
import { createSocket } from 'node:dgram'
import { createRequire } from 'node:module'

const native = createRequire(import.meta.url)(process.argv[2])
const fd = native.socket(2, 2, 0)
const row = new Uint8Array(64)
row[8] = 4
native.bind(fd, row)
native.name(fd, row)
const port = row[10] + 256 * row[11]
const packetInfo = native.set_option(fd, 0, 8, 1)
const server = createSocket('udp4')
await new Promise((resolve) => server.bind({ fd }, resolve))
let messages = 0
server.on('message', () => messages++)
const rows = new Uint8Array(8 * 64)
const bytes = new Uint8Array(8 * 512)
const heard = []
const client = createSocket('udp4')
const id = native.watch(fd, bytes, 512, rows, (count) => {
  for (let i = 0; i < count; i++) {
    const at = i * 64
    const text = Buffer.from(bytes.subarray(i * 512, i * 512 + rows[at + 4])).toString()
    heard.push(`${text} to ${rows.slice(at + 32, at + 36).join('.')}`)
  }
  if (heard.length < 2) return
  const stopped = native.unwatch(id)
  process.stdout.write(JSON.stringify({ cpu: process.arch, packetInfo, stopped, messages, heard }))
  server.close()
  client.close()
})
client.send('one', port, '127.0.0.1', () => client.send('two', port, '127.0.0.7'))
