// A ProxyDHCP server as an embedding program writes it, for the tests beside this file: argument 1 is a JSON object
// of decisions by firmware, argument 2 the address of the interface to serve.
import { subscribe } from 'node:diagnostics_channel'

import {
  CHANNELS,
  createProxyDhcpServer,
  type BootDecision,
  type Firmware,
} from '@bootwire/dhcp-proxy'

const decisions: Readonly<Partial<Record<Firmware, BootDecision>>> = JSON.parse(process.argv[2]!)

const server = createProxyDhcpServer({
  address: process.argv[3]!,
  decide: ({ firmware }) => decisions[firmware] ?? { action: 'ignore' },
})
for (const channel of Object.values(CHANNELS)) {
  subscribe(channel, (record) => process.stdout.write(`${JSON.stringify({ channel, record })}\n`))
}
await server.listen()
process.stdout.write('listening\n')
