import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'

import { describe, expect, onTestFinished, it, vi } from 'vitest'

import { encode, encodeRequest, Opcode } from '../src/codec/index.ts'
import { decodeRequest } from '../src/codec/request.ts'
import { ImageCache } from '../src/content/image-cache.ts'
import { CHANNELS } from '../src/index.ts'
import { settingsOf } from '../src/server/settings.ts'
import { Transfer } from '../src/server/transfer.ts'
import { TimerWheel, type Every } from '../src/session/timer-wheel.ts'

const BLOCKS = 200
const SIZE = (BLOCKS - 1) * 512 + 1
const REQUEST = { opcode: Opcode.RRQ, filename: 'file', mode: 'octet', options: {} } as const

/** A transfer on a clock of its own, one block each 50 ms: ten seconds for the whole file. */
const tenSeconds = async () => {
  let now = 1000
  const clock = () => now
  const heard: { hear?: (datagram: Uint8Array) => void } = {}
  const wheel: { turn?: () => void } = {}
  const every: Every = (_ms, action) => {
    wheel.turn = action
    return { stop: () => {}, unref: () => {} }
  }
  const transfer = new Transfer(
    {
      instance: 'lab',
      settings: settingsOf({}),
      handlers: { read: () => ({ bytes: Buffer.alloc(SIZE), context: { boot: 7 } }) },
      clock,
      wheel: new TimerWheel(clock, every),
      cache: new ImageCache(0),
      openWire: (_local, _peer, { onDatagram }) => {
        heard.hear = onDatagram
        return Promise.resolve({ send: () => {}, close: () => {} })
      },
      mtuOf: () => 1500,
    },
    decodeRequest(encodeRequest(REQUEST)),
    {
      peer: { address: '192.0.2.2', port: 2000 },
      local: { address: '192.0.2.1', port: 69 },
    },
    { onAnswered: () => {}, onEnded: () => {}, onRecord: () => {} },
  )
  await transfer.run()
  for (let block = 1; block <= BLOCKS; block++) {
    now += 50
    wheel.turn?.()
    heard.hear?.(encode({ opcode: Opcode.ACK, block }))
  }
}

describe('progress', () => {
  it('is told about once a second while somebody listens', async () => {
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

  it('is told to nobody when nobody listens', async () => {
    const publish = vi.spyOn(channel(CHANNELS.progress), 'publish')
    onTestFinished(() => publish.mockRestore())
    await tenSeconds()
    expect(publish).not.toHaveBeenCalled()
  })
})
