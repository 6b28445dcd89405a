// What Node's own sockets cost: each DISCOVER is answered by the same OFFER, as long as ours, through the same two
// sockets, with nothing in between but the transaction id and the hardware address. `node … echo.ts ADDRESS`.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

const address = process.argv[2] ?? ''
const asItIs = (
  host: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void => callback(null, host, 4)
const open = async (host: string) => {
  const socket = createSocket({ type: 'udp4', reuseAddr: true, lookup: asItIs })
  // Waiting first: the lookup answers at once.
  const listening = once(socket, 'listening')
  socket.bind({ address: host, port: 67, exclusive: true })
  await listening
  return socket
}

/** As long as our reply to the sender's DISCOVER, and an OFFER to it: 53, 54, 60. */
const OFFER = new Uint8Array(321)
OFFER.set([2, 1, 6, 0])
OFFER.set([99, 130, 83, 99, 53, 1, 2, 54, 4, 10, 82, 0, 1, 60, 9], 236)
OFFER.set(Buffer.from('PXEClient'), 251)
OFFER[260] = 255

const heard = await open('255.255.255.255')
const sender = await open(address)
sender.setBroadcast(true)
const connected = once(sender, 'connect')
sender.connect(68, '255.255.255.255')
await connected
heard.on('message', (bytes) => {
  const reply = Buffer.from(OFFER)
  bytes.copy(reply, 4, 4, 8)
  bytes.copy(reply, 28, 28, 34)
  sender.send(reply, () => {})
})
process.stdout.write('listening\n')
process.once('SIGTERM', () => process.exit(0))
