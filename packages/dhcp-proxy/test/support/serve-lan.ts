// serve-lan.ts ADDRESS|systemd: a server in a namespace; prints every record, one JSON object a line.
import { subscribe } from 'node:diagnostics_channel'

import { CHANNELS, createProxyDhcpServer, socketsFromSystemd } from '../../src/index.ts'

const [address = ''] = process.argv.slice(2)
const print = (channel: string, record: unknown) =>
  process.stdout.write(`${JSON.stringify({ channel, record })}\n`)
for (const name of Object.values(CHANNELS)) subscribe(name, (record) => print(name, record))

const server = createProxyDhcpServer({
  ...(address === 'systemd' ? { sockets: socketsFromSystemd() } : { address }),
  decide: ({ localAddress }) => ({ action: 'boot', file: `http://${localAddress}/boot.ipxe` }),
})
process.once('SIGTERM', () => void server.close())
print('listening', await server.listen())
