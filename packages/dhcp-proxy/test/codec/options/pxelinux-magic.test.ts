import { expect, it } from 'vitest'

import { decodePxelinuxMagic, encodePxelinuxMagic } from '../../../src/codec/index.ts'
import { hex } from '../../support/packets.ts'

it('the PXELINUX magic (208) is four bytes, and nothing else is', () => {
  expect(encodePxelinuxMagic()).toEqual(hex('f100747e'))
  expect(decodePxelinuxMagic(encodePxelinuxMagic())).toBe(true)
  for (const bytes of ['', 'f10074', 'f100747f', 'f100747e00'])
    expect(decodePxelinuxMagic(hex(bytes))).toBe(false)
})
