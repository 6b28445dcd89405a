import { expect, it } from 'vitest'

import { ClientPort } from '../../src/server/client-port.ts'
import { MemoryUdp } from '../support/memory-udp.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const OWN = { address: '10.0.0.1', port: 67 }
const OTHER = { address: '10.0.0.2', port: 67 }
const settled = () => new Promise((resolve) => setImmediate(resolve))

const listen = async () => {
  const udp = new MemoryUdp()
  const clock = new VirtualClock()
  const heard: string[] = []
  const options = {
    address: '255.255.255.255',
    port: 68,
    onMessage: (_bytes: Uint8Array, { address }: { address: string }) => void heard.push(address),
    onError: () => {},
  }
  const clientPort = new ClientPort(udp, clock, OWN.address, options)
  await clientPort.open()
  const hear = (source: typeof OWN, times = 1) => {
    const socket = udp.opened.at(-1)
    for (let i = 0; i < times; i++) socket?.onMessage(new Uint8Array(), source)
  }
  return { udp, clock, heard, clientPort, hear }
}

it('hears others, and not its own echo', async () => {
  const { hear, heard, clientPort } = await listen()
  hear(OWN)
  hear(OTHER)
  expect(heard).toEqual([OTHER.address])
  await clientPort.close()
})

it('rests while its own echoes are many, then listens again', async () => {
  const { hear, udp, clock, clientPort } = await listen()
  hear(OWN, 99)
  await settled()
  expect(udp.closed).toHaveLength(0)
  hear(OWN)
  await settled()
  expect(udp.closed).toHaveLength(1)
  clock.advance(2000)
  await settled()
  expect(udp.opened).toHaveLength(2)
  await clientPort.close()
  expect(udp.closed).toHaveLength(2)
})

it('does not rest for few echoes over a long time', async () => {
  const { hear, udp, clock, clientPort } = await listen()
  for (let i = 0; i < 10; i++) {
    hear(OWN, 50)
    clock.advance(3000)
  }
  await settled()
  expect(udp.closed).toHaveLength(0)
  await clientPort.close()
})

it('does not wake when it was closed meanwhile', async () => {
  const { hear, udp, clock, clientPort } = await listen()
  hear(OWN, 100)
  await settled()
  await clientPort.close()
  clock.advance(10_000)
  await settled()
  expect(udp.opened).toHaveLength(1)
})
