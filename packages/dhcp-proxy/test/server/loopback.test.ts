import { createSocket, type Socket } from 'node:dgram'

import { expect, it } from 'vitest'

import { decodePacket, encodePacket } from '../../src/codec/index.ts'
import { createProxyDhcpServer } from '../../src/index.ts'
import { hex, ipxePacket } from '../support/packets.ts'

const bound = (socket: Socket) =>
  new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
const message = (socket: Socket) =>
  new Promise<{ bytes: Uint8Array; port: number }>((resolve) => {
    socket.once('message', (bytes, { port }) => resolve({ bytes, port }))
  })

it('answers over real sockets on both ports, and closes them', async () => {
  const server = createProxyDhcpServer({
    address: '127.0.0.1',
    decide: () => ({ action: 'boot', file: 'http://127.0.0.1/boot.ipxe' }),
  })
  const listening = await server.listen({ port: 0, bootServerPort: 0, host: '127.0.0.1' })
  const client = createSocket('udp4')
  await bound(client)
  try {
    // A client that has an address is answered there, so loopback can carry it.
    const discover = encodePacket(ipxePacket({ ciaddr: '127.0.0.1' }))
    client.send(discover, listening.port, '127.0.0.1')
    const offer = await message(client)
    expect(decodePacket(offer.bytes)).toMatchObject({
      op: 2,
      siaddr: '127.0.0.1',
      file: 'http://127.0.0.1/boot.ipxe',
    })

    const request = encodePacket(ipxePacket({ ciaddr: '127.0.0.1' }, { 53: Uint8Array.of(3) }))
    client.send(request, listening.bootServerPort, '127.0.0.1')
    const ack = await message(client)
    expect(decodePacket(ack.bytes).options.get(53)).toEqual(hex('05'))
    expect(ack.port).toBe(listening.bootServerPort)
  } finally {
    client.close()
    await server.close()
    await server.close()
  }
})
