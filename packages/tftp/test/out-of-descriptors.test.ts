import { readdirSync } from 'node:fs'

import { loadSocketHelper, SocketHelperError } from '@bootwire-internal/socket-helper'
import { describe, expect, it } from 'vitest'

import { segmentWire } from '../src/server/segment-socket.ts'
import { openListenerWith } from '../src/server/wildcard-listener.ts'

const { helper, reason } = loadSocketHelper()

const EMFILE = -24

/** A helper that has no descriptor left when it is to read. */
const exhausted = () => {
  if (!helper) throw new Error(reason)
  return {
    ...helper,
    read: () => {
      throw new SocketHelperError('watch', EMFILE)
    },
  }
}

const openDescriptors = (): number => readdirSync('/proc/self/fd').length

const quiet = { onDatagram: () => {}, onGone: () => {}, onTooLong: () => {} }

describe.skipIf(reason)('a helper that cannot read for want of descriptors', () => {
  it('leaves no socket of a transfer open', async () => {
    const open = segmentWire(exhausted())
    const before = openDescriptors()
    for (let i = 0; i < 20; i++) {
      const opened = open(
        { address: '127.0.0.1', port: 0 },
        { address: '127.0.0.1', port: 9 },
        quiet,
      )
      await expect(opened).rejects.toMatchObject({ code: 'EMFILE' })
    }
    await expect.poll(openDescriptors).toBe(before)
  })

  it('leaves no listening socket open', async () => {
    const before = openDescriptors()
    for (let i = 0; i < 20; i++) {
      const opened = openListenerWith(exhausted(), { address: '0.0.0.0', port: 0 }, () => {})
      await expect(opened).rejects.toMatchObject({ code: 'EMFILE' })
    }
    await expect.poll(openDescriptors).toBe(before)
  })
})
