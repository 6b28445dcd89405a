import { expect, it } from 'vitest'

import { DropCounter } from '../../src/server/drop-counter.ts'
import { clientPacket } from '../support/packets.ts'
import { serve } from '../support/server.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

it('publishes a few drops one by one, and of a flood one record a second with its number', () => {
  const clock = new VirtualClock()
  const counter = new DropCounter(clock)
  const counts: number[] = []
  const flood = (n: number) => {
    for (let i = 0; i < n; i++) counter.count('malformed', (count) => counts.push(count))
  }
  flood(1000)
  expect(counts).toEqual(Array.from({ length: 20 }, () => 1))
  clock.advance(1000)
  expect(counts.at(-1)).toBe(980)
  flood(2)
  expect(counts.slice(21)).toEqual([1, 1])
})

it('tells of machines that boot one by one, however many they are', () => {
  const counter = new DropCounter(new VirtualClock())
  let published = 0
  for (let i = 0; i < 1000; i++) counter.count('ignored', () => published++)
  expect(published).toBe(1000)
})

it('loses no count when the server closes', async () => {
  const bench = await serve()
  for (let i = 0; i < 50; i++) bench.udp.broadcast(new Uint8Array(3))
  await bench.close()
  const total = bench.records.drop.reduce((sum, { count = 1 }) => sum + count, 0)
  expect(total).toBe(50)
})

it('names a machine without hardware address by its client id', async () => {
  const bench = await serve({ decide: () => ({ action: 'ignore' }) })
  bench.hear(clientPacket({ hlen: 0, htype: 32 }, { 61: Uint8Array.of(255, 1, 2) }))
  expect(bench.records.drop).toMatchObject([{ reason: 'ignored', clientId: 'ff:01:02' }])
  await bench.close()
})
