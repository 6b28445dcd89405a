import { describe, expect, it } from 'vitest'

import { decodeVendorOptions } from '../../src/codec/index.ts'
import { type BootAnswer, type BootMenu, buildReply, checkMenu } from '../../src/index.ts'
import { hex, ipxePacket, uefiPacket } from '../support/packets.ts'
import { SERVER, fromEdk2, replyTo, requestOf } from '../support/requests.ts'

const MENU: BootMenu = {
  prompt: 'Press F8',
  timeoutSeconds: 5,
  items: [
    { text: 'Install', file: 'install.efi' },
    {
      text: 'Rescue',
      file: 'rescue.efi',
      bootServers: ['10.0.0.1', '10.0.0.2'],
    },
    { text: 'Local disk' },
  ],
}
const menuOf = (...items: BootMenu['items']): BootMenu => ({ items })

/** What EDK2 sends to port 4011 after its user chose an item. */
const choice = (item: string) =>
  uefiPacket({ ciaddr: '10.0.0.50', flags: 0 }, { 53: hex('03'), 43: hex(`47 04 ${item} ff`) })

const texts = (length: number) =>
  menuOf(
    { text: 'x'.repeat(70), file: 'x.efi' },
    { text: 'y'.repeat(70), file: 'x.efi' },
    { text: 'z'.repeat(length), file: 'x.efi' },
  )
const fits = (menu: BootMenu) => replyTo(uefiPacket(), { menu }).packet.options.get(43)?.length

describe('the OFFER of a menu', () => {
  const { packet, layout } = replyTo(uefiPacket(), { menu: MENU })
  const vendor = decodeVendorOptions(packet.options.get(43) ?? hex('ff'))

  it('lists the items, with local boot as type 0', () => {
    expect(layout).toBe('menu')
    expect(vendor?.bootMenu).toEqual([
      { type: 0x8000, text: 'Install' },
      { type: 0x8001, text: 'Rescue' },
      { type: 0, text: 'Local disk' },
    ])
    expect(vendor?.menuPrompt).toEqual({ timeoutSeconds: 5, text: 'Press F8' })
  })

  it('names boot servers for every type that boots, as EDK2 needs', () => {
    expect(vendor?.bootServers).toEqual([
      { type: 0x8000, addresses: [SERVER] },
      { type: 0x8001, addresses: ['10.0.0.1', '10.0.0.2'] },
    ])
  })

  it('never has bit 3, for which EDK2 would load from the first boot server', () => {
    expect((vendor?.discoveryControl ?? 8) & 8).toBe(0)
  })

  it('has no boot file of its own', () => {
    expect(packet.file).toBe('')
    expect(packet.options.has(67)).toBe(false)
  })
})

describe('the answer to a choice', () => {
  it('names the file and TFTP server of the item and echoes 43.71', () => {
    const { packet, type, to } = replyTo(choice('8001 0000'), { menu: MENU }, fromEdk2)
    expect(type).toBe('ack')
    expect(packet).toMatchObject({ file: 'rescue.efi', siaddr: SERVER })
    expect(packet.options.get(43)).toEqual(hex('47 04 8001 0000 ff'))
    expect(to).toEqual({ address: '10.0.0.50', port: 4011 })
  })

  it('names another TFTP server to iPXE, which heeds it', () => {
    const menu = menuOf({ text: 'a', file: 'a.0', nextServer: '10.0.0.9' })
    const chosen = ipxePacket(
      { ciaddr: '10.0.0.50' },
      { 53: hex('03'), 43: hex('47 04 8000 0000 ff') },
    )
    const { packet } = replyTo(chosen, { menu }, fromEdk2)
    expect(packet).toMatchObject({ file: 'a.0', siaddr: '10.0.0.9' })
  })

  it.each<[string, BootAnswer]>([
    [
      'the item',
      { action: 'boot', menu: menuOf({ text: 'a', file: 'a.efi', nextServer: '10.0.0.9' }) },
    ],
    [
      'the decision',
      { action: 'boot', nextServer: '10.0.0.9', menu: menuOf({ text: 'a', file: 'a.efi' }) },
    ],
  ])('is refused for UEFI where %s names another TFTP server', (_name, answer) => {
    expect(() => buildReply(requestOf(uefiPacket()), answer)).toThrow(
      'menu item "a" has its file on 10.0.0.9, but UEFI fetches it from the boot server it asked, 10.0.0.1',
    )
  })

  it.each([
    ['a type that the menu lacks', '9000 0000'],
    ['local boot, which nobody asks a server for', '0000 0000'],
    ['credentials (BIS), which this server has not', '8000 8000'],
  ])('there is none for %s', (_name, item) => {
    expect(
      buildReply(requestOf(choice(item), fromEdk2), { action: 'boot', menu: MENU }),
    ).toBeUndefined()
  })
})

describe('a menu that firmware could not bear is refused', () => {
  const file = { file: 'x.efi' }
  it.each<[string, BootMenu, RegExp]>([
    ['without items, where EDK2 aborts', menuOf(), /without items/],
    [
      'of more than 24 items',
      menuOf(...Array.from({ length: 25 }, (_, i) => ({ text: `${i}`, ...file }))),
      /longer than the 24/,
    ],
    [
      'with a text over 70 characters',
      menuOf({ text: 'x'.repeat(71), ...file }),
      /1–70 characters/,
    ],
    ['with an empty text', menuOf({ text: '', ...file }), /1–70 characters/],
    ['with a control character in a text', menuOf({ text: 'a\nb', ...file }), /printable ASCII/],
    [
      'with one type twice',
      menuOf({ text: 'a', type: 5, ...file }, { text: 'b', type: 5, ...file }),
      /two menu items have type 5/,
    ],
    [
      'with local boot twice',
      menuOf({ text: 'a', ...file }, { text: 'b' }, { text: 'c' }),
      /two menu items have type 0/,
    ],
    ['with type 0 for a file', menuOf({ text: 'a', type: 0, ...file }), /outside 1–65534/],
    ['with type 65535', menuOf({ text: 'a', type: 65_535, ...file }), /outside 1–65534/],
    ['of local boots only', menuOf({ text: 'a' }), /boots nothing from the network/],
    ['with a time-out over 255', { ...MENU, timeoutSeconds: 256 }, /outside 0–255/],
    ['with a long prompt', { ...MENU, prompt: 'x'.repeat(71) }, /prompt/],
    [
      'with a name for a server',
      menuOf({ text: 'a', ...file, nextServer: 'tftp' }),
      /not an IPv4 address/,
    ],
    [
      'with no boot server for an item',
      menuOf({ text: 'a', ...file, bootServers: [] }),
      /empty list of boot servers/,
    ],
    [
      'of more than 250 bytes, where EDK2 loops',
      menuOf(...Array.from({ length: 4 }, (_, i) => ({ text: `${i}`.repeat(60), ...file }))),
      /EDK2 would loop/,
    ],
  ])('%s', (_name, menu, message) => {
    expect(() => checkMenu(menu)).toThrow(message)
    expect(() => checkMenu(menu)).toThrow(expect.objectContaining({ code: 'ERR_DHCP_MENU' }))
  })

  it('by the length its option 43 really gets', () => {
    expect(fits(texts(43))).toBe(250)
    expect(() => checkMenu(texts(43))).not.toThrow()
    expect(() => checkMenu(texts(44))).toThrow(/takes 251 bytes/)
  })

  it('and so is an item whose boot file could not be sent', () => {
    expect(() => checkMenu(menuOf({ text: 'a', file: '' }))).toThrow(
      expect.objectContaining({ code: 'ERR_DHCP_BOOT_FILE' }),
    )
  })

  it('while this one is fine', () => expect(() => checkMenu(MENU)).not.toThrow())
})
