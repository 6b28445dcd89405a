import { expect, it } from 'vitest'

import { summary } from '../../src/codec/index.ts'
import { clientPacket, ipxePacket } from '../support/packets.ts'

it('tells a client in one line', () => {
  expect(summary(ipxePacket())).toBe(
    'DISCOVER 52:54:00:12:34:56 xid 1a2b3c4d PXEClient:Arch:00000:UNDI:002001 arch 0 (x86 BIOS) user class iPXE',
  )
})

it('names addresses, boot file and unknown codes', () => {
  const packet = clientPacket(
    { op: 2, siaddr: '10.0.0.1', giaddr: '10.1.0.1', file: 'a.efi' },
    { 53: Uint8Array.of(2), 60: undefined, 93: Uint8Array.of(0, 99) },
  )
  expect(summary(packet)).toBe(
    'OFFER 52:54:00:12:34:56 xid 1a2b3c4d arch 99 siaddr 10.0.0.1 giaddr 10.1.0.1 file a.efi',
  )
})

it('escapes what could break a log line', () => {
  const packet = clientPacket({}, { 60: 'PXE\nERROR \x1b[31m', 93: undefined, 77: '\r${x}' })
  expect(summary(packet)).toContain(String.raw`PXE\x0aERROR \x1b[31m user class \x0d${'${x}'}`)
})

it('tells a packet without anything', () => {
  const empty = { ...clientPacket({ hlen: 0 }), options: new Map() }
  expect(summary(empty)).toBe('BOOTP no hardware address xid 1a2b3c4d')
})
