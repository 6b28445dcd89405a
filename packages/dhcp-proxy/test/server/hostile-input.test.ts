// The inputs that broke other servers, each with what happens here. Numbers are those of the list they came from.
import { afterEach, describe, expect, it } from 'vitest'

import { type DhcpPacket, decodePacket, encodePacket } from '../../src/codec/index.ts'
import { rules } from '../../src/index.ts'
import { clientPacket, hex, ipxePacket } from '../support/packets.ts'
import { SERVER } from '../support/requests.ts'
import { type Bench, serve } from '../support/server.ts'

let bench: Bench
afterEach(() => bench.close())

const ANSWERED = 'answered'
const EDK2 = { address: '10.0.0.50', port: 4011 }

/** What became of a datagram: `answered`, or why it was dropped. */
const fateOf = async (
  bytes: Uint8Array,
  to: 67 | 4011 = 67,
  source = { address: '0.0.0.0', port: 68 },
): Promise<string> => {
  bench = await serve()
  if (to === 67) bench.udp.broadcast(bytes, source)
  else bench.udp.deliver(SERVER, 4011, bytes, source)
  return bench.udp.sent.length > 0 ? ANSWERED : (bench.drops()[0] ?? 'nothing happened')
}
const fateOfPacket = (...[header, options]: Parameters<typeof clientPacket>) =>
  fateOf(encodePacket(clientPacket(header, options)))
const sentPacket = (): DhcpPacket => decodePacket(bench.udp.sent[0]?.bytes ?? new Uint8Array())

const GOOD = encodePacket(clientPacket())
/** The header of a good packet, and then these options instead of its own. */
const raw = (...options: string[]): Uint8Array =>
  Uint8Array.from([...GOOD.slice(0, 240), ...hex(options.join(' '))])
const CLASS = `3c 09 ${Buffer.from('PXEClient').toString('hex')} 5d 02 0000`
const PXE = `35 01 01 ${CLASS}`

const chosen = (vendor: string) =>
  encodePacket(clientPacket({ ciaddr: EDK2.address }, { 53: hex('03'), 43: hex(vendor) }))

describe.each([0, 1, 28, 236, 239])('1: %i bytes', (length) => {
  it('are malformed', async () => expect(await fateOf(GOOD.slice(0, length))).toBe('malformed'))
})
it.each([
  ['1: a header without cookie', GOOD.slice(0, 236)],
  ['1: a bad cookie', GOOD.slice().fill(0, 236, 240)],
  ['2: an option code as the last byte', raw(PXE, '0c')],
  ['2: an option that ends one byte late', raw(PXE, '0c 02 61')],
])('%s is malformed', async (_name, bytes) => expect(await fateOf(bytes)).toBe('malformed'))

it('3: no END is fine', async () => expect(await fateOf(raw(PXE))).toBe(ANSWERED))

describe('4: overload', () => {
  it('with all options in sname and file is read', async () => {
    const bytes = raw('34 01 03 ff')
    bytes.set(hex(`${PXE} ff`), 108)
    expect(await fateOf(bytes)).toBe(ANSWERED)
  })
  it('inside file is nothing', async () => {
    const bytes = raw('34 01 01 ff')
    bytes.set(hex('34 01 02 ff'), 108)
    bytes.set(hex(PXE), 44)
    expect(await fateOf(bytes)).toBe('bootp')
  })
  it('of two bytes is nothing', async () => {
    const bytes = raw('34 02 0101 ff')
    bytes.set(hex(PXE), 108)
    expect(await fateOf(bytes)).toBe('bootp')
  })
  it('with an option that leaves its field is malformed', async () => {
    const bytes = raw('34 01 01 ff').fill(0x0c, 108, 236)
    bytes.fill(0xfe, 109, 110)
    expect(await fateOf(bytes)).toBe('malformed')
  })
})

describe('5: option 82', () => {
  const relayed = { giaddr: '10.1.0.1' }
  it('of 255 bytes is too much for a client of 576, which is said', async () => {
    expect(
      await fateOfPacket(relayed, {
        57: undefined,
        82: new Uint8Array(255).fill(1),
        61: new Uint8Array(200).fill(2),
      }),
    ).toBe('unanswerable')
  })
  it('of 255 bytes is echoed where it fits', async () => {
    const agent = new Uint8Array(255).fill(1)
    expect(await fateOfPacket(relayed, { 82: agent })).toBe(ANSWERED)
    expect([...(sentPacket().options.get(82) ?? [])]).toEqual([...agent])
  })
  it('of no bytes is echoed', async () =>
    expect(await fateOfPacket(relayed, { 82: '' })).toBe(ANSWERED))
  it('twice is joined and echoed as one', async () => {
    expect(await fateOf(raw(PXE, '52 02 0100 52 02 0200 ff'))).toBe(ANSWERED)
    expect([...(sentPacket().options.get(82) ?? [])]).toEqual([1, 0, 2, 0])
  })
  it('twice, over 255 bytes together, cannot be echoed', async () => {
    const half = `52 c8 ${'01'.repeat(200)}`
    expect(await fateOf(raw(PXE, half, half, 'ff'))).toBe('unanswerable')
  })
})

it.each([
  ['00', 'bios-pxe'],
  ['04 69505845', 'ipxe'],
  ['69505845', 'ipxe'],
  ['05 69505845', 'bios-pxe'],
  ['04 69505845 00', 'bios-pxe'],
  ['01'.repeat(255), 'bios-pxe'],
])('6: user class %s is %s', async (bytes, firmware) => {
  await fateOfPacket({}, { 77: hex(bytes) })
  expect(bench.records.decision).toMatchObject([{ firmware }])
})

describe('7: lengths nobody should send', () => {
  it.each([0, 1, 3, 4, 254])('option 93 of %i bytes is read or left', async (length) => {
    expect(await fateOfPacket({}, { 93: new Uint8Array(length) })).toBe(ANSWERED)
  })
  it.each([0, 1, 16, 17, 18])('option 97 of %i bytes and type 1 is not echoed', async (length) => {
    expect(await fateOfPacket({}, { 97: new Uint8Array(length).fill(1) })).toBe(ANSWERED)
    expect(sentPacket().options.has(97)).toBe(false)
  })
})

describe('8: option 43', () => {
  it.each(['06 09 01', '47 03 800000', 'ff', '00 00 00', '47'])(
    '%s holds no boot item',
    async (vendor) => {
      expect(await fateOf(chosen(vendor))).toBe('other-server')
      await bench.close()
      expect(await fateOf(chosen(vendor), 4011, EDK2)).toBe(ANSWERED)
      expect(bench.records.decision[0]?.request).not.toHaveProperty('bootItem')
    },
  )
  it('with credentials asked for is not served', async () => {
    bench = await serve({
      decide: () => ({ action: 'boot', menu: { items: [{ text: 'a', file: 'a' }] } }),
    })
    bench.udp.deliver(SERVER, 4011, chosen('47 04 8000 8000 ff'), EDK2)
    expect(bench.drops()).toEqual(['boot-item'])
  })
})

it.each([
  ['53 of no bytes', `35 00 ${CLASS}`, 'bootp'],
  ['53 of two bytes', `35 02 0101 ${CLASS}`, 'bootp'],
  ['54 of three bytes', `35 01 03 ${CLASS} 2b 07 47 04 8000 0000 ff 36 03 0a0000`, ANSWERED],
  ['57 of one byte', `${PXE} 39 01 00`, ANSWERED],
  ['57 of zero', `${PXE} 39 02 0000`, ANSWERED],
  ['57 below 576', `${PXE} 39 02 0001`, ANSWERED],
  ['57 of 65535', `${PXE} 39 02 ffff`, ANSWERED],
])('9: option %s', async (_name, options, fate) =>
  expect(await fateOf(raw(options, 'ff'))).toBe(fate),
)

describe('10: duplicates', () => {
  it('a thousand of one option cost no more than their bytes', async () => {
    expect(await fateOf(raw(PXE, '4d 01 41'.repeat(1000), 'ff'))).toBe(ANSWERED)
  })
  it('option 60 in two parts is one', async () => {
    expect(await fateOf(raw('35 01 01 3c 03 505845 3c 06 436c69656e74 ff'))).toBe(ANSWERED)
  })
  it('of two message types the first counts', async () => {
    expect(await fateOf(raw(PXE, '35 01 07 ff'))).toBe(ANSWERED)
  })
})

describe('11: loops and reflection', () => {
  const offer = { op: 2, siaddr: '10.0.0.7' }
  it('the reply of another proxy is never answered, on either port', async () => {
    const bytes = encodePacket(clientPacket(offer, { 53: hex('02'), 54: hex('0a000007') }))
    expect(await fateOf(bytes, 67, { address: '10.0.0.7', port: 67 })).toBe('not-a-request')
    await bench.close()
    expect(await fateOf(bytes, 4011, { address: '10.0.0.7', port: 4011 })).toBe('not-a-request')
  })
  it('our own reply, come back, is not answered', async () => {
    await fateOfPacket()
    const own = bench.udp.sent[0]?.bytes ?? new Uint8Array()
    bench.udp.broadcast(own, { address: SERVER, port: 67 })
    expect(bench.udp.sent).toHaveLength(1)
  })
  it('a forged source port 67 gets nothing', async () => {
    expect(await fateOf(GOOD, 67, { address: '10.0.0.66', port: 67 })).toBe(ANSWERED)
    expect(bench.udp.sent[0]?.to).toEqual({ address: '255.255.255.255', port: 68 })
  })
  it.each([SERVER, '255.255.255.255', '224.0.0.1', '127.0.0.1', '0.1.2.3'])(
    'giaddr %s',
    async (giaddr) => {
      expect(await fateOfPacket({ giaddr })).toBe('relay-address')
    },
  )
  it('more than 16 hops', async () => expect(await fateOfPacket({ hops: 17 })).toBe('hops'))
})

it.each(['255.255.255.255', '10.0.0.99', '8.8.8.8'])(
  '12: ciaddr %s on 4011 is no target: the sender is',
  async (ciaddr) => {
    const bytes = encodePacket(clientPacket({ ciaddr }, { 53: hex('03') }))
    expect(await fateOf(bytes, 4011, EDK2)).toBe(ANSWERED)
    expect(bench.udp.sent[0]?.to).toEqual(EDK2)
  },
)

it.each([12, 60, 61, 77])(
  '13: hostile text in option %i reaches no file name and breaks no line',
  async (code) => {
    const hostile = 'PXEClient\0\n%s${net0/mac}../../\xff'
    expect(await fateOfPacket({}, { [code]: hostile })).toBe(ANSWERED)
    const { file, options } = sentPacket()
    expect([file, Buffer.from(options.get(67) ?? []).toString()]).toEqual([
      'undionly.kpxe',
      'undionly.kpxe\0',
    ])
    expect(bench.records.packet[0]?.summary).not.toMatch(/[\n\0]/)
  },
)

it('14: a unicast DISCOVER is answered like any other, and no subnet is needed for it', async () => {
  bench = await serve()
  bench.udp.deliver(SERVER, 67, GOOD, { address: '172.16.0.9', port: 40_000 })
  expect(bench.udp.sent).toMatchObject([{ to: { address: '255.255.255.255', port: 68 } }])
})

it('15: an empty label in option 81 stops nothing', async () => {
  expect(await fateOfPacket({}, { 81: hex('01 00 00 2e 00') })).toBe(ANSWERED)
})

it('16: a boot file over 127 bytes leaves `file` empty, and one over 254 is refused with the rules', async () => {
  const long = 'x'.repeat(200)
  bench = await serve({ decide: () => ({ action: 'boot', file: long }) })
  bench.hear(clientPacket())
  expect(sentPacket().file).toBe('')
  expect(() => rules([{ decision: { action: 'boot', file: 'x'.repeat(255) } }])).toThrow(
    /longer than 254/,
  )
})

it('17: a menu or an option 175 over 255 bytes is refused with the rules', () => {
  const items = Array.from({ length: 10 }, (_, i) => ({ text: `${i}`.repeat(40), file: 'x' }))
  expect(() => rules([{ decision: { action: 'boot', menu: { items } } }])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_MENU' }),
  )
  const ipxe = { options: { 200: 'x'.repeat(200), 201: 'x'.repeat(200) } }
  expect(() => rules([{ decision: { action: 'boot', file: 'x', ipxe } }])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_OPTION_TOO_LONG' }),
  )
})

it('18: sname and file filled to the last byte are read', async () => {
  expect(await fateOf(GOOD.slice().fill(0x61, 44, 236))).toBe(ANSWERED)
})

it('19: BOOTP, with and without a file, is left to others', async () => {
  expect(await fateOf(raw('ff'))).toBe('bootp')
  await bench.close()
  expect(await fateOf(raw('ff').fill(0x61, 108, 236))).toBe('bootp')
})

it('20: a flood of random machines keeps nothing and says one line each', async () => {
  bench = await serve()
  for (let i = 0; i < 2000; i++) {
    const chaddr = new Uint8Array(16)
    new DataView(chaddr.buffer).setUint32(2, i)
    bench.udp.broadcast(encodePacket(clientPacket({ chaddr, xid: i })))
  }
  expect(bench.records.packet).toHaveLength(2000)
  expect(bench.udp.sent.length + bench.records.drop.length).toBe(2000)
  expect(bench.clock.waiting).toBe(0)
  expect(bench.records.notice).toEqual([])
})

describe('21: what ended dhcproto', () => {
  it('a hardware address of 76 bytes', async () => {
    expect(await fateOf(GOOD.slice().fill(0xff, 0, 1).fill(76, 2, 3))).toBe('malformed')
  })
  it('options that end in the middle of one', async () => {
    expect(
      await fateOf(raw(PXE, '9b 00 38 00 00 00 60 00 00 fb 00 00 0f 00 00 08 00 07 00 0a 1e')),
    ).toBe('malformed')
  })
})

it('whatever happens, an answer is never larger than 1472 bytes and one packet brings at most one', async () => {
  bench = await serve({
    decide: () => ({
      action: 'boot',
      file: 'x'.repeat(254),
      options: { 128: 'y'.repeat(255), 129: 'z'.repeat(255) },
    }),
  })
  bench.hear(ipxePacket({}, { 57: hex('ffff') }))
  expect(bench.udp.sent).toHaveLength(1)
  expect(bench.udp.sent[0]?.bytes.length).toBeLessThanOrEqual(1472)
})

it.each([67, 4011] as const)(
  'a source port of 0 on %i is dropped: nothing can be sent there',
  async (to) => {
    const ack = clientPacket({ ciaddr: EDK2.address }, { 53: hex('03') })
    const packet = to === 67 ? clientPacket() : ack
    expect(await fateOf(encodePacket(packet), to, { ...EDK2, port: 0 })).toBe('source-port')
  },
)

it('a chosen menu item is no way round the loop guard', async () => {
  const menu = { items: [{ text: 'iPXE', file: 'http://10.0.0.1/ipxe.efi?v=2' }] }
  bench = await serve({ decide: () => ({ action: 'boot', menu }) })
  const chosenByIpxe = ipxePacket(
    { ciaddr: EDK2.address },
    { 53: hex('03'), 43: hex('47 04 8000 0000 ff') },
  )
  bench.udp.deliver(SERVER, 4011, encodePacket(chosenByIpxe), EDK2)
  expect(bench.drops()).toEqual(['loop-guard'])
})
