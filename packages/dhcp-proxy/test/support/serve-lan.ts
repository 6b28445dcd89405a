// serve-lan.ts ADDRESS|INTERFACE,…|systemd: a server in a namespace; prints every record, one JSON object a line.
import { subscribe } from 'node:diagnostics_channel'

import { CHANNELS, createProxyDhcpServer, socketsFromSystemd } from '../../src/index.ts'

const [address = ''] = process.argv.slice(2)
const place = (word: string) => {
  if (word === 'systemd') return { sockets: socketsFromSystemd() }
  return /^\d/.test(word)
    ? { address: word }
    : { interfaces: word.split(',').map((name) => ({ interface: name })) }
}
const print = (channel: string, record: unknown) =>
  process.stdout.write(`${JSON.stringify({ channel, record })}\n`)
for (const name of Object.values(CHANNELS)) subscribe(name, (record) => print(name, record))

const server = createProxyDhcpServer({
  ...place(address),
  decide: ({ localAddress }) => ({ action: 'boot', file: `http://${localAddress}/boot.ipxe` }),
})
process.once('SIGTERM', () => void server.close())
print('listening', await server.listen())
