// The server under load, in a process and a namespace of its own: `node … serve.ts ADDRESS`.
import { createProxyDhcpServer, rules } from '../src/index.ts'

const address = process.argv[2] ?? ''
const boot = (file: string) => ({ action: 'boot', file }) as const

const server = createProxyDhcpServer({
  address,
  decide: rules([
    {
      name: 'iPXE',
      when: { firmware: 'ipxe' },
      decision: boot(`http://${address}:8080/boot.ipxe`),
    },
    { name: 'UEFI', when: { firmware: 'uefi-pxe' }, decision: boot('ipxe.efi') },
    { name: 'BIOS', when: { firmware: 'bios-pxe' }, decision: boot('undionly.kpxe') },
  ]),
})
await server.listen()
process.stdout.write('listening\n')
process.once('SIGTERM', () => void server.close())
