import { describe, expect, it } from 'vitest'

import { decodePxelinuxRebootTime, encodePxelinuxRebootTime } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

describe('PXELINUX reboot time (211)', () => {
  it.each([
    [0, '00000000'],
    [30, '0000001e'],
    [4_294_967_295, 'ffffffff'],
  ])('goes there and back: %i s', (seconds, bytes) => {
    expect(decodePxelinuxRebootTime(hex(bytes))).toBe(seconds)
    expect(encodePxelinuxRebootTime(seconds)).toEqual(hex(bytes))
    expect(decodePxelinuxRebootTime(encodePxelinuxRebootTime(seconds))).toBe(seconds)
  })
  it.each(['', '00001e', '000000001e'])('is undefined for %j', (bytes) =>
    expect(decodePxelinuxRebootTime(hex(bytes))).toBeUndefined(),
  )
  it.each([-1, 0.5, 2 ** 32, NaN])('refuses %d', (seconds) =>
    expect(() => encodePxelinuxRebootTime(seconds)).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_OPTION' }),
    ),
  )
})
