import { describe, expect, it } from 'vitest'

import type { DhcpPacket } from '../../src/codec/index.ts'
import { Notices } from '../../src/session/notices.ts'
import { readOtherServer } from '../../src/session/other-servers.ts'
import { clientPacket, hex } from '../support/packets.ts'
import { requestOf } from '../support/requests.ts'

const OWN = { served: new Set(['10.0.0.1']), host: new Set(['10.0.0.1', '10.5.0.1']) }
const MAIN = '10.0.0.2'

const reply = (header: Partial<DhcpPacket>, options: Parameters<typeof clientPacket>[1] = {}) =>
  clientPacket(
    { op: 2, yiaddr: '10.0.0.50', ...header },
    { 53: hex('02'), 54: hex('0a000002'), 60: undefined, ...options },
  )
const codes = (packet: DhcpPacket, source = MAIN) =>
  readOtherServer(packet, source, OWN).map(({ code }) => code)

describe('other servers', () => {
  it.each<[string, DhcpPacket, string[]]>([
    ['a main server that minds its own business', reply({ siaddr: MAIN }), []],
    [
      'a main server that echoes option 60',
      reply({}, { 60: 'PXEClient' }),
      ['main-server-option-60'],
    ],
    ['a second proxy', reply({ yiaddr: '0.0.0.0' }, { 60: 'PXEClient' }), ['second-proxy']],
    ['a boot file in the header', reply({ file: 'grub.efi' }), ['main-server-boot-file']],
    ['a boot file in option 67', reply({}, { 67: 'grub.efi' }), ['main-server-boot-file']],
    ['a next-server elsewhere', reply({ siaddr: '10.0.0.9' }), ['main-server-boot-file']],
    ['a next-server that is us', reply({ siaddr: '10.0.0.1' }), []],
    ['a next-server that is itself, in 66 too', reply({ siaddr: MAIN }, { 66: MAIN }), []],
    [
      'its own next-server and a file',
      reply({ siaddr: MAIN, file: 'x' }),
      ['main-server-boot-file'],
    ],
    ['a TFTP server in option 66', reply({}, { 66: 'tftp.lan' }), ['main-server-boot-file']],
    ['an ACK with a boot file', reply({ file: 'x' }, { 53: hex('05') }), ['main-server-boot-file']],
    ['an ACK with its own address only', reply({ siaddr: MAIN }, { 53: hex('05') }), []],
    ['empty options 66 and 67', reply({}, { 66: hex('00'), 67: hex('00') }), []],
    [
      'both at once',
      reply({ file: 'x' }, { 60: 'PXEClient' }),
      ['main-server-option-60', 'main-server-boot-file'],
    ],
    ['ourselves', reply({ yiaddr: '0.0.0.0' }, { 60: 'PXEClient', 54: hex('0a000001') }), []],
    ['a NAK', reply({}, { 53: hex('06'), 60: 'PXEClient' }), []],
    ['a client', reply({ op: 1, file: 'x' }), []],
    ['a DHCP server without address to give and no PXE class', reply({ yiaddr: '0.0.0.0' }), []],
  ])('%s', (_name, packet, expected) => expect(codes(packet)).toEqual(expected))

  it('are known by their address where they give no server id', () => {
    const packet = reply({ file: 'x' }, { 54: undefined })
    expect(readOtherServer(packet, MAIN, OWN)).toMatchObject([{ subject: MAIN }])
    expect(codes(packet, '10.0.0.1')).toEqual([])
  })

  it('are told with what they send', () => {
    const packet = reply({ siaddr: '10.0.0.9', file: 'grub.efi\n' }, { 66: 'tftp.lan' })
    expect(readOtherServer(packet, MAIN, OWN)[0]?.message).toContain(
      String.raw`sends boot file "grub.efi\x0a" and next-server 10.0.0.9 and option 66 "tftp.lan": `,
    )
  })

  it('that answer from another of their addresses may name that one', () => {
    expect(codes(reply({ siaddr: '10.0.0.3' }), '10.0.0.3')).toEqual([])
  })

  it('cannot break a line of a log', () => {
    const [notice] = readOtherServer(reply({}, { 60: 'PXEClient\nx' }), MAIN, OWN)
    expect(notice?.message).not.toContain('\n')
  })
})

describe('a machine that comes back', () => {
  const first = requestOf(clientPacket({ xid: 1 }))
  const second = requestOf(clientPacket({ xid: 2 }))

  it('without having fetched anything is told of, once it is known that others do fetch', () => {
    const notices = new Notices()
    notices.reached('other', 0)
    expect(notices.offered(first, 0)).toBeUndefined()
    expect(notices.offered(first, 4000)).toBeUndefined()
    expect(notices.offered(second, 60_000)).toMatchObject({
      code: 'client-came-back',
      subject: first.mac,
    })
  })

  it.each<[string, (notices: Notices) => void, number]>([
    ['but nobody ever says what is fetched', () => {}, 60_000],
    ['and did fetch', (notices) => notices.reached(first.mac ?? '', 10), 60_000],
    ['much later', (notices) => notices.reached('other', 10), 200_000],
  ])('%s is not', (_name, between, laterMs) => {
    const notices = new Notices()
    notices.offered(first, 0)
    between(notices)
    expect(notices.offered(second, laterMs)).toBeUndefined()
  })

  it('as iPXE, after its ROM, is not', () => {
    const notices = new Notices()
    notices.reached('other', 0)
    notices.offered(first, 0)
    expect(
      notices.offered(requestOf(clientPacket({ xid: 2 }, { 77: 'iPXE' })), 100),
    ).toBeUndefined()
  })
})

it('everything is told once for each subject', () => {
  const notices = new Notices()
  const notice = { code: 'second-proxy', subject: 'a', message: '' } as const
  expect([
    notices.isNew(notice, 0),
    notices.isNew(notice, 1e12),
    notices.isNew({ ...notice, subject: 'b' }, 0),
  ]).toEqual([true, false, true])
})
