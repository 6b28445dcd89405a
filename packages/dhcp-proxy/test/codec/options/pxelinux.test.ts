import { describe, expect, it } from 'vitest'

import { decodePxelinux, encodePxelinux } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('PXELINUX (208–211)', () => {
  const all = { configFile: 'cfg', pathPrefix: '/p/', rebootSeconds: 30 }
  it('writes the magic with the rest, and reads the rest back', () => {
    const options = encodePxelinux(all)
    expect(options).toEqual({
      208: hex('f100747e'),
      209: hex('636667'),
      210: hex('2f702f'),
      211: hex('0000001e'),
    })
    const wire = new Map([
      [209, hex('636667')],
      [210, hex('2f702f')],
      [211, hex('0000001e')],
    ])
    expect(decodePxelinux(wire)).toEqual(all)
  })
  it('leaves away what is not there', () => {
    expect(decodePxelinux(new Map())).toEqual({})
    expect(Object.keys(encodePxelinux({}))).toEqual(['208'])
  })
})
