import { describe, expect, it } from 'vitest'

import type { DhcpPacket } from '../../src/codec/index.ts'
import { type BootDecision, type Matcher, explain, rules } from '../../src/index.ts'
import { UUID, clientPacket, hex, ipxePacket, uefiPacket } from '../support/packets.ts'
import { requestOf } from '../support/requests.ts'

const boot = (file: string): BootDecision => ({ action: 'boot', file })

const RELAYED = requestOf(
  clientPacket({ giaddr: '10.1.2.1' }, { 82: hex('01 04 65746830 02 02 beef'), 61: hex('0102') }),
)
const BIOS = requestOf(clientPacket({}, { 12: 'pc-17' }))
const matches = (when: Matcher, request = BIOS) =>
  rules([{ when, decision: boot('x') }])(request).action === 'boot'
const whys = (when: Matcher) => rules([{ when, decision: boot('x') }])(BIOS).reasons?.[0]?.why

describe('a condition', () => {
  it.each<[string, Matcher, boolean]>([
    ['architecture', { architecture: 0 }, true],
    ['architecture of a list', { architecture: [6, 7] }, false],
    ['firmware', { firmware: 'bios-pxe' }, true],
    ['firmware of a list', { firmware: ['uefi-pxe', 'ipxe'] }, false],
    ['whole MAC, however written', { mac: '52-54-00-12-34-56' }, true],
    ['MAC prefix', { mac: ['00:11:22', '52:54:00'] }, true],
    ['prefix that ends inside a byte of another MAC', { mac: '52:54:00:12:34:57' }, false],
    ['UUID in capitals', { uuid: UUID.toUpperCase() }, true],
    ['user class', { userClass: 'iPXE' }, false],
    ['start of a vendor class', { vendorClass: 'PXEClient:Arch:00000' }, true],
    ['client id it does not have', { clientId: '01:02' }, false],
    ['interface', { interface: 'lan0' }, true],
    ['subnet of the server', { subnet: '10.0.0.0/24' }, true],
    ['another subnet', { subnet: ['10.1.0.0/16', '192.168.0.0/16'] }, false],
    ['option that is there', { option: { code: 12 } }, true],
    ['option with this value', { option: { code: 12, is: 'pc-17' } }, true],
    ['option with another value', { option: { code: 12, is: 'pc-1' } }, false],
    ['option with this part', { option: { code: 12, contains: [0x2d, 0x31] } }, true],
    ['option that is absent', { option: { code: 15 } }, false],
    ['one of two options', { option: [{ code: 15 }, { code: 12 }] }, true],
    ['all of these', { and: [{ architecture: 0 }, { interface: 'lan0' }] }, true],
    ['all of these, one failing', { and: [{ architecture: 0 }, { interface: 'lan1' }] }, false],
    ['one of these', { or: [{ architecture: 7 }, { interface: 'lan0' }] }, true],
    ['none of nothing', { or: [] }, false],
    ['not this', { not: { userClass: 'iPXE' } }, true],
    ['not that', { not: { architecture: 0 } }, false],
    ['several at once', { architecture: 0, firmware: 'ipxe' }, false],
    ['nothing', {}, true],
  ])('on %s', (_name, when, expected) => expect(matches(when)).toBe(expected))

  it('on what a relay says', () => {
    expect(matches({ circuitId: 'eth0', remoteId: '0xbeef', clientId: '01:02' }, RELAYED)).toBe(
      true,
    )
    expect(matches({ subnet: '10.1.2.0/24' }, RELAYED)).toBe(true)
    expect(matches({ subnet: '10.0.0.0/24' }, RELAYED)).toBe(false)
  })
})

describe('rules', () => {
  const decide = rules([
    { name: 'scripts', when: { firmware: 'ipxe' }, decision: boot('http://10.0.0.1/boot.ipxe') },
    {
      name: 'uefi',
      when: { firmware: 'uefi-pxe', not: { mac: '00:11:22' } },
      decision: boot('ipxe.efi'),
    },
    {
      name: 'local',
      when: { mac: '52:54:00' },
      decision: { action: 'ignore', context: { boot: 1 } },
    },
  ])

  it('win in order, the first that matches', () => {
    expect(decide(requestOf(ipxePacket()))).toMatchObject(boot('http://10.0.0.1/boot.ipxe'))
    expect(decide(requestOf(uefiPacket()))).toMatchObject(boot('ipxe.efi'))
  })

  it('say which won and why the others lost, as data', () => {
    expect(decide(requestOf(clientPacket()))).toEqual({
      action: 'ignore',
      context: { boot: 1 },
      reasons: [
        { rule: 'scripts', matched: false, why: 'firmware is bios-pxe, not ipxe' },
        { rule: 'uefi', matched: false, why: 'firmware is bios-pxe, not uefi-pxe' },
        { rule: 'local', matched: true, why: 'MAC is 52:54:00:12:34:56' },
      ],
    })
  })

  it('and as text', () => {
    expect(explain(decide(requestOf(uefiPacket())))).toBe(
      'scripts lost: firmware is uefi-pxe, not ipxe\nuefi won: firmware is uefi-pxe, MAC is 52:54:00:12:34:56, not 00:11:22',
    )
  })

  it('ignore a machine that none of them knows', () => {
    const only = rules([{ when: { architecture: 7 }, decision: boot('x') }])
    expect(explain(only(BIOS))).toBe(
      'rule 1 lost: architecture is 0, not 7\ndefault won: no rule matches',
    )
    expect(only(BIOS).action).toBe('ignore')
  })

  it('say what a condition excludes, what is unknown and what is absent', () => {
    expect(whys({ not: { architecture: 0 } })).toBe('architecture is 0, which the rule excludes')
    expect(whys({ userClass: 'iPXE' })).toBe('user class is unknown, not iPXE')
    expect(whys({ option: { code: 15 } })).toBe('option 15 is absent')
    expect(whys({ option: { code: 12, contains: 'z' } })).toBe('option 12 is pc-17, without z')
    expect(whys({})).toBe('it matches everything')
  })

  it('keep what came from the wire on one line', () => {
    const request = requestOf(clientPacket({}, { 60: 'PXEClient\nfake won' }))
    expect(
      explain(rules([{ when: { vendorClass: 'x' }, decision: boot('x') }])(request)),
    ).toContain(String.raw`PXEClient\x0afake`)
  })
})

describe('a rule that could never be answered is refused at once', () => {
  it.each<[string, Matcher, RegExp]>([
    ['half a byte of a MAC', { mac: '52:5' }, /not a MAC or its first bytes/],
    ['a subnet without length', { subnet: '10.0.0.0' }, /not a subnet/],
    ['a subnet of 33 bits', { subnet: '10.0.0.0/33' }, /not a subnet/],
    [
      'an architecture in quotes',
      JSON.parse('{"architecture":"7"}'),
      /architecture "7" is not a number/,
    ],
    [
      'firmware nobody knows',
      JSON.parse('{"firmware":"uefi"}'),
      /"uefi" is not one of ipxe, raspberry-pi, u-boot, uefi-http/,
    ],
    ['half a UUID', { uuid: '4c4c4544' }, /not a UUID such as/],
    ['a client id in words', { clientId: 'pc-17' }, /not a client id in hex/],
    ['an empty list', { mac: [] }, /an empty list matches nothing/],
    ['no object of conditions', { not: JSON.parse('null') }, /null is not an object of conditions/],
    ['a byte of 256', { option: { code: 12, is: [256] } }, /bytes \(0–255\)/],
    ['option 255', { option: { code: 255 } }, /outside 1–254/],
    ['text that no option can hold', { option: { code: 12, is: '\u20ac' } }, /neither Latin-1/],
    // A rule that came from JSON may have any key.
    [
      'a condition nobody knows',
      JSON.parse('{"arch":7}'),
      /"arch" is not one of architecture, firmware, mac/,
    ],
  ])('%s', (_name, when, message) => {
    const make = () => rules([{ when, decision: boot('x') }])
    expect(make).toThrow(message)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_DHCP_RULE' }))
  })

  it.each<[string, BootDecision, string]>([
    ['a boot file that is too long', boot('x'.repeat(255)), 'ERR_DHCP_BOOT_FILE'],
    ['a menu without items', { action: 'boot', menu: { items: [] } }, 'ERR_DHCP_MENU'],
    ['nothing to boot', { action: 'boot' }, 'ERR_DHCP_DECISION'],
    ['a field nobody knows', JSON.parse('{"action":"boot","bootfile":"x"}'), 'ERR_DHCP_DECISION'],
    ['a menu without a list', JSON.parse('{"action":"boot","menu":{}}'), 'ERR_DHCP_MENU'],
    [
      'an item without text',
      JSON.parse('{"action":"boot","menu":{"items":[{}]}}'),
      'ERR_DHCP_MENU',
    ],
    ['no decision', JSON.parse('null'), 'ERR_DHCP_DECISION'],
  ])('%s', (_name, decision, code) => {
    expect(() => rules([{ decision }])).toThrow(expect.objectContaining({ code }))
  })
})

it('what is no list of rules is refused', () => {
  expect(() => rules(JSON.parse('{}'))).toThrow(expect.objectContaining({ code: 'ERR_DHCP_RULE' }))
})

it.each([
  ['a misspelt key', '[{"if":{},"decision":{"action":"ignore"}}]', /rule 1 has "if", which is not/],
  ['no rule', '[null]', /rule 1 is null, not/],
])('a rule that is %s is refused', (_name, json, message) => {
  const make = () => rules(JSON.parse(json))
  expect(make).toThrow(message)
  expect(make).toThrow(expect.objectContaining({ code: 'ERR_DHCP_RULE' }))
})

const matchesPacket = (when: Matcher, packet: DhcpPacket) => matches(when, requestOf(packet))

describe('what names a machine', () => {
  const ID = hex('00 00112233445566778899aabbccddeeff')
  it('a UUID does in either byte order', () => {
    const packet = clientPacket({}, { 97: ID })
    expect(matchesPacket({ uuid: '33221100-5544-7766-8899-aabbccddeeff' }, packet)).toBe(true)
    expect(matchesPacket({ uuid: '00112233-4455-6677-8899-AABBCCDDEEFF' }, packet)).toBe(true)
  })

  it.each(['03000200-0400-0500-0006-000700080009', '00020003-0004-0005-0006-000700080009'])(
    'the UUID %s, which many have, does not, and is refused',
    (uuid) => {
      expect(() => rules([{ when: { uuid }, decision: { action: 'ignore' } }])).toThrow(
        /many machines have/,
      )
    },
  )

  it('a hardware address of InfiniBand does, or its first bytes', () => {
    const chaddr = new Uint8Array(16)
    chaddr.set(hex('e0071bffff79d084'))
    const packet = clientPacket({ htype: 32, hlen: 8, chaddr })
    expect(matchesPacket({ hardwareAddress: 'e0:07:1b:ff:ff:79:d0:84' }, packet)).toBe(true)
    expect(matchesPacket({ hardwareAddress: 'E0-07-1B' }, packet)).toBe(true)
    expect(matchesPacket({ mac: 'e0:07:1b' }, packet)).toBe(false)
  })

  it('the architecture is that of the protocol which option 60 names', () => {
    const packet = clientPacket({}, { 93: hex('0010 0007 0009') })
    expect([16, 7, 9].map((architecture) => matchesPacket({ architecture }, packet))).toEqual([
      false,
      true,
      true,
    ])
  })

  it('a Raspberry Pi is no PC BIOS, whatever it says', () => {
    const packet = clientPacket({}, { 97: hex('00 52506934 14c11000 00000001 d4659bbd') })
    expect(matchesPacket({ architecture: 0 }, packet)).toBe(false)
    expect(matchesPacket({ architecture: 41, firmware: 'raspberry-pi' }, packet)).toBe(true)
  })
})

it('reasons survive a copy of the decision', () => {
  const decide = rules([{ name: 'all', decision: { action: 'boot', file: 'a.0' } }])
  const copy = { ...decide(requestOf(clientPacket())), context: 1 }
  expect(copy).toEqual({
    action: 'boot',
    file: 'a.0',
    context: 1,
    reasons: [{ rule: 'all', matched: true, why: 'it matches everything' }],
  })
})
