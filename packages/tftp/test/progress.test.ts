import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'

import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { encode, encodeRequest, Opcode } from '../src/codec/index.ts'
import { decodeRequest } from '../src/codec/request.ts'
import { CHANNELS } from '../src/index.ts'
import { ImageCache } from '../src/io/image-cache.ts'
import { TimerWheel } from '../src/io/wheel.ts'
import { settingsOf } from '../src/server/settings.ts'
import { Transfer } from '../src/server/transfer.ts'

const BLOCKS = 200
const SIZE = (BLOCKS - 1) * 512 + 1
const REQUEST = { opcode: Opcode.RRQ, filename: 'file', mode: 'octet', options: {} } as const

/** A transfer on a clock of its own, one block each 50 ms: ten seconds for the whole file. */
const tenSeconds = async () => {
  let now = 1000
  const clock = () => now
  const transfer = new Transfer(
    {
      instance: 'lab',
      settings: settingsOf({}),
      handlers: { read: () => ({ bytes: Buffer.alloc(SIZE), context: { boot: 7 } }) },
      clock,
      wheel: new TimerWheel(clock),
      cache: new ImageCache(0),
      openWire: () => Promise.resolve({ send: () => {}, close: () => {} }),
    },
    decodeRequest(encodeRequest(REQUEST)),
    {
      remote: { address: '192.0.2.2', port: 2000 },
      local: { address: '192.0.2.1', port: 69 },
    },
    () => {},
  )
  await transfer.run()
  for (let block = 1; block <= BLOCKS; block++) {
    now += 50
    transfer.visit(now)
    transfer.receive(encode({ opcode: Opcode.ACK, block }))
  }
}

describe('progress', () => {
  test('is told about once a second while somebody listens', async () => {
    const messages: unknown[] = []
    const onProgress = (message: unknown) => void messages.push(message)
    subscribe(CHANNELS.progress, onProgress)
    onTestFinished(() => void unsubscribe(CHANNELS.progress, onProgress))
    await tenSeconds()
    // Twenty blocks a second; what is on its way is not counted.
    expect(messages).toEqual(
      Array.from({ length: 10 }, (_, i) => ({
        id: expect.any(Number),
        instance: 'lab',
        operation: 'read',
        peer: { address: '192.0.2.2', port: 2000 },
        local: '192.0.2.1',
        file: 'file',
        mode: 'octet',
        timeMs: expect.any(Number),
        bytes: (20 * (i + 1) - 1) * 512,
        size: SIZE,
        context: { boot: 7 },
      })),
    )
    expect(JSON.parse(JSON.stringify(messages))).toEqual(messages)
  })

  test('is told to nobody when nobody listens', async () => {
    const publish = vi.spyOn(channel(CHANNELS.progress), 'publish')
    onTestFinished(() => publish.mockRestore())
    await tenSeconds()
    expect(publish).not.toHaveBeenCalled()
  })
})
