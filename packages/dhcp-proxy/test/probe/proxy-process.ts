// This package's server in a process of its own, for the tests beside this file; argument 1 is its address.
import { createProxyDhcpServer } from '../../src/index.ts'

const address = process.argv[2]!
const server = createProxyDhcpServer({
  address,
  decide: ({ firmware }) => ({
    action: 'boot',
    file: firmware === 'uefi-http' ? `http://${address}/boot.efi` : 'boot.0',
  }),
})
await server.listen()
process.stdout.write('DHCP\n')
