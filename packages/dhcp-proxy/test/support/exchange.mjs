// exchange.mjs ADDRESS MS [TO:PORT:HEX]…: sends datagrams from ADDRESS:68, prints what comes to port 68 within MS as JSON.
import { createSocket } from 'node:dgram'

const [address, ms, ...sends] = process.argv.slice(2)
const heard = []
const socketOn = (host) =>
  new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true })
    socket.on('message', (bytes, source) => {
      heard.push({ hex: bytes.toString('hex'), from: source.address, port: source.port })
    })
    socket.once('error', reject)
    socket.bind(68, host, () => resolve(socket))
  })
// One hears broadcasts; the other hears unicast, and its broadcasts leave by the right interface.
const sockets = [await socketOn('255.255.255.255'), await socketOn(address)]
const sender = sockets[1]
sender.setBroadcast(true)
for (const send of sends) {
  const [to, port, hex] = send.split(':')
  sender.send(Buffer.from(hex, 'hex'), Number(port), to)
}
setTimeout(() => {
  process.stdout.write(JSON.stringify(heard))
  for (const socket of sockets) socket.close()
}, Number(ms))
