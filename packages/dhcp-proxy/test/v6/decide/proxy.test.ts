import { describe, expect, it } from 'vitest'

import { buildReply6, readRequest6, type BootRequest6 } from '../../../src/index.ts'
import {
  decodeMessage6,
  decodeRelayed,
  encodeMessage6,
  encodeRelayed,
  type ClientServerMessage,
} from '../../../src/v6/codec/index.ts'
import { hex } from '../../support/packets.ts'
import { shown, vector6 } from '../../support/vectors6.ts'

const DUID = hex('0003 0001 020000006602')
const OVMF = '52:54:00:66:00:01'
const link = { port: 547, peerAddress: 'fe80::5054:ff:fe66:1', interface: 'lan0' } as const
const HTTP = 'http://[fd66::2]/ipxe.efi'
const TFTP = 'tftp://[fd66::2]/ipxe.efi'

/** The SOLICIT of OVMF's PXE with options put in place of its own; without a value, taken out. */
const solicit = (
  changed: Readonly<Record<number, string | undefined>>,
  type = 1,
): ClientServerMessage => {
  const { message } = decodeRelayed(vector6('ovmf-pxe-solicit'))
  const kept = message.options.filter(({ code }) => !(code in changed))
  const added = Object.entries(changed).flatMap(([code, value]) =>
    value === undefined ? [] : [{ code: Number(code), value: hex(value) }],
  )
  return { type, xid: message.xid, options: [...kept, ...added] }
}

const read = (bytes: Uint8Array, arrival: Parameters<typeof readRequest6>[1] = link) =>
  readRequest6(bytes, arrival, DUID)

const requestOf = (...given: Parameters<typeof read>): BootRequest6 => {
  const request = read(...given)
  if (!request.ok) throw new Error(request.drop.detail)
  return request.value
}

const reasonOf = (...given: Parameters<typeof read>): string => {
  const request = read(...given)
  return request.ok ? 'answered' : request.drop.reason
}

/** What OVMF asks on port 4011: its REQUEST with the proxy's DUID, and without addresses. */
const BOOT_REQUEST = encodeMessage6(
  solicit({ 3: undefined, 2: Buffer.from(DUID).toString('hex') }, 3),
)
const bootServer = { ...link, port: 4011 } as const

describe('what OVMF asks', () => {
  it('says what it is', () => {
    expect(requestOf(vector6('ovmf-pxe-solicit'))).toMatchObject({
      protocol: 'pxe',
      duid: '00:04:33:22:11:00:55:44:77:66:88:99:aa:bb:cc:dd:ee:ff',
      mac: OVMF,
      architectures: [7],
      userClasses: [],
      vendorClass: 'PXEClient:Arch:00007:UNDI:003000',
      relays: [],
    })
    expect(requestOf(vector6('ovmf-http-solicit'))).toMatchObject({
      protocol: 'http',
      architectures: [16],
    })
  })

  it('has its MAC from the relay agent where one is between', () => {
    const arrival = { ...link, peerAddress: 'fd77::1' }
    expect(requestOf(vector6('dnsmasq-relay-forw'), arrival).mac).toBe(OVMF)
  })

  it('has no MAC where nothing tells it', () => {
    const arrival = { ...link, peerAddress: 'fd66::100' }
    expect(requestOf(vector6('ovmf-pxe-solicit'), arrival)).not.toHaveProperty('mac')
    const withMac = encodeMessage6(solicit({ 1: '0003 0001 dca632000001' }))
    expect(requestOf(withMac, arrival).mac).toBe('dc:a6:32:00:00:01')
  })
})

describe('what is answered', () => {
  it('HTTP Boot gets the URL at once, with a byte 0 behind it, and no address', () => {
    const { bytes, ...reply } = buildReply6(requestOf(vector6('ovmf-http-solicit')), HTTP, DUID)
    expect(reply).toEqual({ type: 'advertise', url: HTTP })
    const message = decodeMessage6(bytes)
    expect(message).toMatchObject({ type: 2, xid: 0xf88932 })
    // The order and the bytes with which OVMF booted beside dnsmasq (dhcp6.md, sections 3 and 9).
    expect(shown(message.options)).toEqual([
      [1, '000433221100554477668899aabbccddeeff'],
      [2, '00030001020000006602'],
      [16, `00000157000a${Buffer.from('HTTPClient').toString('hex')}`],
      [59, Buffer.from(HTTP).toString('hex')],
      [7, '00'],
    ])
  })

  it('PXE gets no URL before it asks on port 4011, where it is named', () => {
    const first = buildReply6(requestOf(vector6('ovmf-pxe-solicit')), TFTP, DUID)
    expect(first).not.toHaveProperty('url')
    expect(decodeMessage6(first.bytes).options.map(({ code }) => code)).toEqual([1, 2, 16, 7])
    const second = buildReply6(requestOf(BOOT_REQUEST, bootServer), TFTP, DUID)
    expect(second).toMatchObject({ type: 'reply', url: TFTP })
    expect(decodeMessage6(second.bytes)).toMatchObject({ type: 7, xid: 0xf58932 })
    expect(decodeMessage6(second.bytes).options.map(({ code }) => code)).toEqual([1, 2, 16, 59, 7])
  })

  it('goes back through the relay agent', () => {
    const arrival = { ...link, peerAddress: 'fd77::1' }
    const { bytes } = buildReply6(requestOf(vector6('dnsmasq-relay-forw'), arrival), TFTP, DUID)
    const { message, relays } = decodeRelayed(bytes)
    expect(message.type).toBe(2)
    expect(relays).toMatchObject([
      { type: 13, linkAddress: 'fd66::1', peerAddress: 'fe80::5054:ff:fe66:1' },
    ])
  })

  it.each([
    ['ovmf-pxe-solicit', HTTP, 'ERR_DHCP_DECISION'],
    ['ovmf-http-solicit', TFTP, 'ERR_DHCP_DECISION'],
    ['ovmf-http-solicit', 'http://[fe80::1%25eth0]/a.efi', 'ERR_DHCP_DECISION'],
    ['ovmf-http-solicit', 'http://a/b c', 'ERR_DHCP_BOOT_FILE'],
  ])('%s is not given %s', (name, url, code) =>
    expect(() => buildReply6(requestOf(vector6(name)), url, DUID)).toThrow(
      expect.objectContaining({ code }),
    ),
  )

  it('is never larger than what IPv6 hands on everywhere, with what relay agents add', () => {
    const request = requestOf(vector6('ovmf-http-solicit'))
    const [relay] = decodeRelayed(vector6('dnsmasq-relay-forw')).relays
    const url = `http://[fd66::2]/${'a'.repeat(1007)}`
    const sizeBy = (relays: number): number => {
      const through = Array.from({ length: relays }, () => relay!)
      return buildReply6({ ...request, relays: through }, url, DUID).bytes.length
    }
    // Each relay agent adds a header of 34 bytes and an option of 4 and what is in it.
    expect(sizeBy(3) - sizeBy(0)).toBe(3 * 38)
    expect(sizeBy(3)).toBeLessThanOrEqual(1232)
    expect(() => sizeBy(4)).toThrow(expect.objectContaining({ code: 'ERR_DHCP_REPLY_TOO_LARGE' }))
  })
})

describe('what is left alone', () => {
  it.each([
    ['the REQUEST to the main server', 'ovmf-pxe-request', 'message-type'],
    ['the RELEASE', 'ovmf-pxe-release', 'message-type'],
    ['the ADVERTISE of another server', 'dnsmasq-advertise', 'message-type'],
    ['what goes to a relay agent', 'dnsmasq-relay-repl', 'not-a-request'],
    ["iPXE's INFORMATION-REQUEST", 'ipxe-information-request', 'message-type'],
  ])('%s', (_name, name, reason) => expect(reasonOf(vector6(name))).toBe(reason))

  it.each([
    [
      'the IP6 driver of OVMF, which says no class',
      { 16: undefined, 61: undefined, 62: undefined },
      'not-pxe',
    ],
    ['U-Boot', { 16: '00000000 0006 552d426f6f74' }, 'not-pxe'],
    [
      'PXEClient of another enterprise (Cisco)',
      { 16: '00000009 0009 505845436c69656e74' },
      'not-pxe',
    ],
    ['who has no client id', { 1: undefined }, 'malformed'],
    ['who names a server already', { 2: '0003 0001 020000006602' }, 'other-server'],
  ])('%s', (_name, changed, reason) =>
    expect(reasonOf(encodeMessage6(solicit(changed)))).toBe(reason),
  )

  it('on port 4011: a SOLICIT, and who names another server or none', () => {
    expect(reasonOf(BOOT_REQUEST, bootServer)).toBe('answered')
    expect(reasonOf(vector6('ovmf-pxe-solicit'), bootServer)).toBe('message-type')
    expect(reasonOf(encodeMessage6(solicit({ 2: '0003 0001 020000006603' }, 3)), bootServer)).toBe(
      'other-server',
    )
    expect(reasonOf(encodeMessage6(solicit({}, 3)), bootServer)).toBe('other-server')
  })

  it('bytes that are no message', () => expect(reasonOf(hex('01 a1'))).toBe('malformed'))

  it('a message that a relay agent turned round', () => {
    const { message, relays } = decodeRelayed(vector6('dnsmasq-relay-forw'))
    expect(reasonOf(encodeRelayed({ message, relays }))).toBe('not-a-request')
  })
})
