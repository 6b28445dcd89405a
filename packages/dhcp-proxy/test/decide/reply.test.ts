import { describe, expect, it } from 'vitest'

import { decodePacket, decodeVendorOptions } from '../../src/codec/index.ts'
import { type BootAnswer, buildReply, isIpxeBinary } from '../../src/index.ts'
import { clientPacket, hex, ipxePacket, uefiPacket } from '../support/packets.ts'
import { SERVER, fromEdk2, replyTo, requestOf } from '../support/requests.ts'

const FILE = 'undionly.kpxe'
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('latin1')

type Packet = Parameters<typeof replyTo>[0]
const over = (address: string) =>
  clientPacket({ giaddr: '10.1.0.1' }, { 82: hex(`0b 04 ${address}`) })
const layoutOf = (packet: Packet) => replyTo(packet, { file: 'http://10.0.0.1/x' }).layout
const menuOf = (packet: Packet) =>
  decodeVendorOptions(replyTo(packet, {}).packet.options.get(43) ?? hex('ff'))?.bootMenu

describe('an OFFER', () => {
  const reply = replyTo(clientPacket({}, { 61: hex('01525400123456') }), { file: FILE })
  const { packet } = reply

  it('says the boot part everywhere a client may look, always the same', () => {
    expect(packet).toMatchObject({ op: 2, siaddr: SERVER, sname: SERVER, file: FILE })
    expect(text(packet.options.get(66))).toBe(SERVER)
    expect(text(packet.options.get(67))).toBe(`${FILE}\0`)
  })

  it('gives no address', () =>
    expect(packet).toMatchObject({ yiaddr: '0.0.0.0', ciaddr: '0.0.0.0' }))

  it('has what EDK2 and iPXE need to take it', () => {
    expect(packet.options.get(53)).toEqual(hex('02'))
    expect(packet.options.get(54)).toEqual(hex('0a000001'))
    expect(text(packet.options.get(60))).toBe('PXEClient')
    expect(packet.options.get(43)).toEqual(hex('06 01 08 ff'))
  })

  it('echoes the client: xid, hardware, ids', () => {
    const asked = clientPacket()
    expect(packet).toMatchObject({ xid: asked.xid, htype: 1, hlen: 6, chaddr: asked.chaddr })
    expect(packet.options.get(97)).toEqual(asked.options.get(97))
    expect(packet.options.get(61)).toEqual(hex('01525400123456'))
  })

  it('goes out as a broadcast from port 67', () => {
    expect(packet.flags).toBe(0x8000)
    expect(reply).toMatchObject({
      to: { address: '255.255.255.255', port: 68 },
      fromPort: 67,
      type: 'offer',
    })
  })

  it('is what its bytes say', () => {
    expect(decodePacket(reply.bytes)).toMatchObject({ file: FILE, siaddr: SERVER })
    expect(reply.bytes.length).toBeGreaterThanOrEqual(300)
  })

  it('sets the broadcast flag where iPXE did not ask for it', () => {
    expect(replyTo(ipxePacket({ flags: 0 }), { file: 'x' }).packet.flags).toBe(0x8000)
  })

  it.each([0, 1, 16, 18])('leaves an option 97 of %i bytes away', (length) => {
    const { options } = replyTo(clientPacket({}, { 97: new Uint8Array(length) }), {
      file: FILE,
    }).packet
    expect(options.has(97)).toBe(false)
  })

  it('leaves a client id of one byte away', () => {
    expect(
      replyTo(clientPacket({}, { 61: hex('01') }), { file: FILE }).packet.options.has(61),
    ).toBe(false)
  })
})

describe('an ACK on port 4011', () => {
  const asked = uefiPacket({ ciaddr: '10.0.0.50', flags: 0 }, { 53: hex('03') })
  const reply = replyTo(asked, { file: 'ipxe.efi', layout: 'binl' }, fromEdk2)

  it('goes back to the port it was asked from', () => {
    expect(reply).toMatchObject({
      type: 'ack',
      fromPort: 4011,
      to: { address: '10.0.0.50', port: 4011 },
    })
  })
  it('echoes ciaddr and gives no address', () => {
    expect(reply.packet).toMatchObject({
      ciaddr: '10.0.0.50',
      yiaddr: '0.0.0.0',
      file: 'ipxe.efi',
      flags: 0,
    })
    expect(reply.packet.options.get(53)).toEqual(hex('05'))
  })
  it('is a broadcast where the client has no address', () => {
    const { to } = replyTo(clientPacket({}, { 53: hex('03') }), { file: 'x' }, { port: 4011 })
    expect(to).toEqual({ address: '255.255.255.255', port: 68 })
  })
})

describe('where replies go', () => {
  it('a relay, on port 67, with its option 82 last', () => {
    const agent = hex('01 04 65746830')
    const { to, packet, bytes } = replyTo(
      clientPacket({ giaddr: '10.1.0.1', hops: 1 }, { 82: agent }),
      { file: FILE },
    )
    expect(to).toEqual({ address: '10.1.0.1', port: 67 })
    expect(packet).toMatchObject({ giaddr: '10.1.0.1', hops: 0 })
    expect([...decodePacket(bytes).options.keys()].at(-1)).toBe(82)
    expect(packet.options.get(82)).toEqual(agent)
  })

  it('never to a ciaddr that is not the sender', () => {
    const packet = clientPacket({ ciaddr: '10.9.9.9' })
    const { to } = replyTo(packet, { file: FILE }, { peer: { address: '10.0.0.66', port: 9 } })
    expect(to).toEqual({ address: '255.255.255.255', port: 68 })
  })

  it('to the sender, and its port, where that is ciaddr', () => {
    const peer = { address: '10.0.0.50', port: 68 }
    expect(replyTo(clientPacket({ ciaddr: '10.0.0.50' }), { file: FILE }, { peer }).to).toEqual(
      peer,
    )
  })

  it('names the relay as server where it asks so (RFC 5107), unless it says 0.0.0.0', () => {
    expect(replyTo(over('0a010001'), { file: FILE }).packet.options.get(54)).toEqual(
      hex('0a010001'),
    )
    expect(replyTo(over('00000000'), { file: FILE }).packet.options.get(54)).toEqual(
      hex('0a000001'),
    )
  })
})

describe('layouts', () => {
  const PI = clientPacket({}, { 97: hex(`00${'44'.repeat(16)}`) })

  it('are chosen by firmware', () => {
    expect(layoutOf(clientPacket())).toBe('direct')
    expect(layoutOf(uefiPacket())).toBe('direct')
    expect(layoutOf(ipxePacket())).toBe('ipxe')
    expect(layoutOf(clientPacket({}, { 60: 'HTTPClient:Arch:00016', 93: hex('0010') }))).toBe(
      'http-boot',
    )
    expect(layoutOf(PI)).toBe('raspberry-pi')
    expect(layoutOf(clientPacket({}, { 93: hex('ffff') }))).toBe('direct')
  })

  it('binl has no option 43 and names this server first, the TFTP server only on 4011', () => {
    const answer = { file: 'ipxe.efi', layout: 'binl', nextServer: '10.0.0.9' } as const
    const offer = replyTo(uefiPacket(), answer)
    expect(offer.packet.options.has(43)).toBe(false)
    expect(offer.packet.siaddr).toBe(SERVER)
    const ack = replyTo(uefiPacket({ ciaddr: '10.0.0.50' }, { 53: hex('03') }), answer, fromEdk2)
    expect(ack.packet.siaddr).toBe('10.0.0.9')
  })

  it('http-boot has class HTTPClient, the URL twice, and no option 43', () => {
    const url = 'http://10.0.0.1:8080/ipxe.efi'
    const asked = clientPacket({}, { 60: 'HTTPClient:Arch:00016:UNDI:003001', 93: hex('0010') })
    const { packet } = replyTo(asked, { file: url })
    expect(text(packet.options.get(60))).toBe('HTTPClient')
    expect(text(packet.options.get(67))).toBe(`${url}\0`)
    expect(packet.file).toBe(url)
    expect(packet.options.has(43)).toBe(false)
  })

  it('raspberry-pi needs no boot file and spells its menu as each ROM wants it', () => {
    expect(menuOf(PI)).toEqual([{ type: 0, text: 'Raspberry Pi Boot   ' }])
    expect(menuOf(clientPacket({}, { 97: hex('00 52506934 0000 0000 0000000000000000') }))).toEqual(
      [{ type: 0, text: 'Raspberry Pi Boot' }],
    )
    expect(replyTo(PI, {}).packet.options.get(43)).toEqual(
      hex('06 01 03 0a 04 00 505845 09 17 0000 14 526173706265727279205069 20426f6f74202020 ff'),
    )
  })

  it('u-boot gets siaddr and file, all it reads', () => {
    const packet = clientPacket({}, { 60: 'U-Boot.armv8', 93: hex('0016') })
    const request = requestOf(packet, {}, { vendorClasses: ['U-Boot'] })
    const reply = buildReply(request, { action: 'boot', file: 'boot.scr.uimg' })
    expect(reply?.packet).toMatchObject({ siaddr: SERVER, file: 'boot.scr.uimg' })
    expect(reply?.packet.options.has(43)).toBe(false)
  })

  it('echo a vendor class that was let in by configuration', () => {
    const request = requestOf(
      clientPacket({}, { 60: 'HW-Client' }),
      {},
      { vendorClasses: ['HW-Client'] },
    )
    const reply = buildReply(request, { action: 'boot', file: 'x' })
    expect(text(reply?.packet.options.get(60))).toBe('HW-Client')
  })
})

describe('iPXE', () => {
  it('is sent settings and a private boot target in option 175 and in 128–135', () => {
    const { packet } = replyTo(ipxePacket(), {
      file: 'autoexec.ipxe',
      ipxe: { noProxyDhcp: false, options: { 200: 'http://10.0.0.1/b' } },
      options: { 128: 'http://10.0.0.1/b' },
    })
    expect(packet.options.get(175)).toEqual(
      hex(`b0 01 00 c8 11 ${Buffer.from('http://10.0.0.1/b').toString('hex')}`),
    )
    expect(text(packet.options.get(128))).toBe('http://10.0.0.1/b')
  })
  it('reads a URL of more than 127 bytes from option 67, and `file` is empty rather than cut', () => {
    const url = `http://10.0.0.1/${'x'.repeat(200)}`
    const { packet } = replyTo(ipxePacket(), { file: url })
    expect(packet.file).toBe('')
    expect(text(packet.options.get(67))).toBe(`${url}\0`)
  })
})

describe('what is refused', () => {
  it.each<[string, Omit<BootAnswer, 'action'>, string]>([
    ['neither a boot file nor a menu', {}, 'ERR_DHCP_DECISION'],
    ['the layout menu without a menu', { file: 'x', layout: 'menu' }, 'ERR_DHCP_DECISION'],
    ['a name as next server', { file: 'x', nextServer: 'tftp.lan' }, 'ERR_DHCP_DECISION'],
    ['a file name for HTTP Boot', { file: 'x.efi', layout: 'http-boot' }, 'ERR_DHCP_DECISION'],
    ['a delay of minutes', { file: 'x', delayMs: 60_000 }, 'ERR_DHCP_DECISION'],
    ['a delay that is no number', { file: 'x', delayMs: NaN }, 'ERR_DHCP_DECISION'],
    [
      'a layout nobody knows',
      { file: 'x', ...JSON.parse('{"layout":"pxe"}') },
      'ERR_DHCP_DECISION',
    ],
    ['a byte of 256', { file: 'x', options: { 128: [256] } }, 'ERR_DHCP_DECISION'],
    ['a byte of 256 for iPXE', { file: 'x', ipxe: { options: { 200: [256] } } }, 'ERR_DHCP_OPTION'],
    ['a number as boot file', JSON.parse('{"file":42}'), 'ERR_DHCP_BOOT_FILE'],
    ['0.0.0.0 as next server', { file: 'x', nextServer: '0.0.0.0' }, 'ERR_DHCP_DECISION'],
    ['a boot file over 254 bytes', { file: 'x'.repeat(255) }, 'ERR_DHCP_BOOT_FILE'],
    ['a newline in a boot file', { file: 'a\nb' }, 'ERR_DHCP_BOOT_FILE'],
    ['an option that the server sets', { file: 'x', options: { 54: 'x' } }, 'ERR_DHCP_DECISION'],
    ['overload', { file: 'x', options: { 52: [3] } }, 'ERR_DHCP_DECISION'],
    [
      'an option over 255 bytes',
      { file: 'x', options: { 128: 'x'.repeat(256) } },
      'ERR_DHCP_OPTION_TOO_LONG',
    ],
    ['an empty host name', { file: 'x', options: { 12: '' } }, 'ERR_DHCP_OPTION'],
    ['text that is not Latin-1', { file: 'x', options: { 128: '\u20ac' } }, 'ERR_DHCP_DECISION'],
    [
      'more than the client takes',
      { file: 'x', options: { 128: 'x'.repeat(255), 129: 'x'.repeat(255) } },
      'ERR_DHCP_REPLY_TOO_LARGE',
    ],
  ])('%s', (_name, answer, code) => {
    const packet = clientPacket({}, { 57: undefined })
    expect(() => replyTo(packet, answer)).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    ['05c0', 1444],
    ['ffff', 1472],
    ['0000', 548],
    ['00', 548],
    ['0001', 548],
  ])('a client whose option 57 is %s takes %i bytes', (size, limit) => {
    const options = Object.fromEntries(
      [128, 129, 130, 131, 132, 133].map((code) => [code, 'x'.repeat(255)]),
    )
    const packet = clientPacket({}, { 57: hex(size) })
    expect(() => replyTo(packet, { file: 'x', options })).toThrow(
      `larger than the ${limit} this client takes`,
    )
  })
})

it.each([
  ['undionly.kpxe', true],
  ['ipxe.efi', true],
  ['arm64/snponly.efi', true],
  ['bootwire/ipxe-x86_64.efi', true],
  ['http://10.0.0.1/ipxe.efi', true],
  ['http://10.0.0.1/ipxe.efi?mac=52:54:00', true],
  ['http://10.0.0.1/boot.ipxe', false],
  ['http://10.0.0.1/boot?next=ipxe.efi', false],
  ['grubx64.efi', false],
])('the loop guard takes %s for iPXE: %s', (file, is) => expect(isIpxeBinary(file)).toBe(is))
