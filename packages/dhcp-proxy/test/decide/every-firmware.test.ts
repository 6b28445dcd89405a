import { describe, expect, it } from 'vitest'

import { CLIENT_KINDS, mainDhcpServer, simulate } from '../../src/clients/index.ts'
import { decodePacket, encodePacket, type DhcpPacket } from '../../src/codec/index.ts'
import {
  ARCHITECTURES,
  architectureFor,
  FIRMWARE,
  FIRMWARE_ROWS,
  readRequest,
  type BootAnswer,
} from '../../src/index.ts'
import { ourProxy } from '../clients/our-proxy.ts'
import { clientPacket, hex, uefiPacket } from '../support/packets.ts'
import { arrival, dropOf, fromEdk2, replyTo, requestOf } from '../support/requests.ts'

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('latin1')
const mac = (address: string) => {
  const chaddr = new Uint8Array(16)
  chaddr.set(hex(address))
  return { chaddr }
}
const ARM64 = { 93: hex('000b'), 60: 'PXEClient:Arch:00011:UNDI:003000' }
const U_BOOT = { 57: hex('0240'), 94: hex('010000'), 97: undefined }

interface Seen {
  /** What the packet taught, and who sent it. */
  readonly taught: string
  readonly packet: DhcpPacket
  readonly firmware: string
  readonly architecture: number | undefined
  readonly option60?: string
  readonly option43?: string
}

/** Requests as real machines send them, from public captures and bug reports; addresses and ids are replaced. */
const SEEN: readonly Seen[] = [
  {
    taught: 'a Pi 3 booting by bootcode.bin has its serial number four times for an id, not 0x44',
    packet: clientPacket(
      { ...mac('b8:27:eb:00:00:01'), xid: 0x26f30339 },
      { 97: hex(`00 ${'d4659bbd'.repeat(4)}`) },
    ),
    firmware: 'raspberry-pi',
    architecture: 41,
    option43: `06 01 03 0a 04 00 505845 09 17 0000 14 ${Buffer.from('Raspberry Pi Boot   ').toString('hex')} ff`,
  },
  {
    taught: 'a Pi 4 says architecture 0 and is no PC: its id begins with RPi4',
    packet: clientPacket({}, { 97: hex('00 52506934 14c11000 00000001 d4659bbd') }),
    firmware: 'raspberry-pi',
    architecture: 41,
    option43: `06 01 03 0a 04 00 505845 09 14 0000 11 ${Buffer.from('Raspberry Pi Boot').toString('hex')} ff`,
  },
  {
    taught: 'a Pi 5 does the same with RPi5',
    packet: clientPacket({}, { 97: hex(`00 52506935 ${'00'.repeat(12)}`) }),
    firmware: 'raspberry-pi',
    architecture: 41,
  },
  {
    taught: 'a later Pi says architecture 41',
    packet: clientPacket({}, { 93: hex('0029'), 60: 'PXEClient:Arch:00041:UNDI:002001' }),
    firmware: 'raspberry-pi',
    architecture: 41,
  },
  {
    taught: 'U-Boot of ARM boards names itself in option 60',
    packet: clientPacket({}, { ...U_BOOT, 93: hex('0016'), 60: 'U-Boot.armv8' }),
    firmware: 'u-boot',
    architecture: 22,
    option60: 'PXEClient',
    option43: '',
  },
  {
    taught: 'U-Boot without option 93 tells its processor in its class',
    packet: clientPacket({}, { ...U_BOOT, 93: undefined, 60: 'U-Boot.armv7' }),
    firmware: 'u-boot',
    architecture: 21,
  },
  {
    taught: 'a VisionFive 2 says U-Boot and nothing of its processor',
    packet: clientPacket({}, { ...U_BOOT, 93: undefined, 60: 'U-Boot' }),
    firmware: 'u-boot',
    architecture: undefined,
  },
  {
    taught: 'U-Boot that boots by EFI writes the architecture in its class in hexadecimal',
    packet: clientPacket({}, { ...U_BOOT, 93: undefined, 60: 'PXEClient:Arch:0001b:UNDI:003000' }),
    firmware: 'uefi-pxe',
    architecture: 27,
  },
  {
    taught: 'Huawei TaiShan servers are UEFI that says HW-Client, and want to hear it back',
    packet: uefiPacket({}, { 93: hex('000b'), 60: 'HW-Client:Arch:00011:UNDI:003016' }),
    firmware: 'huawei-uefi',
    architecture: 11,
    option60: 'HW-Client',
    option43: '06 01 08 ff',
  },
  {
    taught: 'LoongArch is 39',
    packet: uefiPacket({}, { 93: hex('0027'), 60: 'PXEClient:Arch:00039:UNDI:003000' }),
    firmware: 'uefi-pxe',
    architecture: 39,
  },
  {
    taught: 'option 60 names the protocol: a PXE client may name an HTTP architecture first',
    packet: uefiPacket({}, { 93: hex('0010 0007') }),
    firmware: 'uefi-pxe',
    architecture: 7,
    option60: 'PXEClient',
    option43: '06 01 08 ff',
  },
  {
    taught: 'or no other one',
    packet: uefiPacket({}, { 93: hex('0010'), 60: 'PXEClient:Arch:00016:UNDI:003000' }),
    firmware: 'uefi-pxe',
    architecture: 7,
    option60: 'PXEClient',
  },
  {
    taught: 'and an HTTP client a PXE architecture',
    packet: uefiPacket({}, { 60: 'HTTPClient:Arch:00007:UNDI:003000' }),
    firmware: 'uefi-http',
    architecture: 16,
    option60: 'HTTPClient',
    option43: '',
  },
]

describe('a request as real machines send it', () => {
  it.each(SEEN)('$taught', ({ packet, firmware, architecture, option60, option43 }) => {
    const request = requestOf(packet)
    expect([request.firmware, request.architecture]).toEqual([firmware, architecture])
    const file = firmware === 'uefi-http' ? 'http://10.0.0.1/a.efi' : 'a.efi'
    const { options } = replyTo(packet, { file }).packet
    const said = {
      option60: option60 === undefined ? undefined : text(options.get(60)),
      option43: option43 === undefined ? undefined : (options.get(43) ?? hex('')),
    }
    expect(said).toEqual({ option60, option43: option43 === undefined ? undefined : hex(option43) })
  })

  it('makes of a bare REQUEST of a Pi 4 (no option 60) nothing on port 67', () => {
    expect(dropOf(clientPacket({}, { 53: hex('03'), 60: undefined }))).toBe('not-pxe')
  })
})

describe('UUIDs', () => {
  const ID = hex('00 00112233445566778899aabbccddeeff')

  it('are read as SMBIOS prints them, and the other way round', () => {
    expect(requestOf(uefiPacket({}, { ...ARM64, 97: ID }))).toMatchObject({
      uuid: '33221100-5544-7766-8899-aabbccddeeff',
      swappedUuid: '00112233-4455-6677-8899-aabbccddeeff',
    })
  })

  it('of U-Boot are read as its console prints them', () => {
    const packet = clientPacket({}, { ...U_BOOT, 60: 'U-Boot.armv8', 97: ID })
    expect(requestOf(packet).uuid).toBe('00112233-4455-6677-8899-aabbccddeeff')
  })

  it.each([
    ['AMI boards', '00 00020003 0004 0005 0006 000700080009'],
    ['AMI boards, in the other byte order', '00 03000200 0400 0500 0006 000700080009'],
    ['machines that never set it', `00 ${'ff'.repeat(16)}`],
    ['whoever counts the same byte', `00 ${'fe'.repeat(16)}`],
  ])('that %s share name nobody', (_who, bytes) => {
    const request = requestOf(uefiPacket({}, { 97: hex(bytes) }))
    expect([request.uuid, request.swappedUuid]).toEqual([undefined, undefined])
    expect(request.sharedUuid).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a boot item that was asked for', () => {
  const asked = { 53: hex('03'), 43: hex('47 04 8000 0000 ff') }

  it.each([
    ['a BIOS ROM', clientPacket({ ciaddr: '10.0.0.50' }, asked)],
    ['EDK2', uefiPacket({ ciaddr: '10.0.0.50' }, asked)],
  ])('is named in the answer to %s, with a menu of our own or without', (_who, packet) => {
    const { options } = replyTo(packet, { file: 'a.0' }, fromEdk2).packet
    expect(options.get(43)).toEqual(hex('47 04 8000 0000 ff'))
  })
})

const option = (answer: Omit<BootAnswer, 'action'>, code: number) =>
  replyTo(uefiPacket(), { file: 'a.efi', ...answer }).packet.options.get(code)

describe('what a decision says of options 43 and 60', () => {
  it('direct-prompt is a prompt that is over at once', () => {
    expect(option({ layout: 'direct-prompt' }, 43)).toEqual(hex('06 01 08 0a 04 00 505845 ff'))
  })
  it('vendorOptions may be bytes, or sub-options', () => {
    expect(option({ vendorOptions: hex('06 01 00 ff') }, 43)).toEqual(hex('06 01 00 ff'))
    expect(option({ vendorOptions: { discoveryControl: 3 } }, 43)).toEqual(hex('06 01 03 ff'))
  })
  it('vendorClass may echo, leave out, or say anything', () => {
    expect(text(option({ vendorClass: 'echo' }, 60))).toBe('PXEClient:Arch:00007:UNDI:003001')
    expect(option({ vendorClass: 'none' }, 60)).toBeUndefined()
    expect(text(option({ vendorClass: 'ACME' }, 60))).toBe('ACME')
  })
  it('options 43 and 60 themselves are refused, with the field that sets them', () => {
    expect(() => option({ options: { 43: hex('ff') } }, 43)).toThrow(/use vendorOptions/)
    expect(() => option({ options: { 60: 'x' } }, 43)).toThrow(/use vendorClass/)
  })
})

describe('InfiniBand', () => {
  const clientId = hex('ff 00000001 00030020 fe80000000000000 e0071bffff79d084')

  it('without a hardware address (RFC 4390) is known by its client id', () => {
    const packet = clientPacket(
      { htype: 32, hlen: 0, chaddr: new Uint8Array(16) },
      { 61: clientId },
    )
    const request = requestOf(packet)
    expect([request.hardwareAddress, request.mac]).toEqual(['', undefined])
    expect(request.clientId).toMatch(/^ff:00:00:00:01/)
  })
})

/** Where each kind boots from in a simulation. */
const answerFor = (kind: string): BootAnswer => ({
  action: 'boot',
  file: kind.endsWith('-http') ? 'http://192.0.2.2/a.efi' : 'a.efi',
})

describe('the tables', () => {
  it('have a model of every firmware, that is taken for it', () => {
    for (const [kind, { firmware, architecture, model }] of Object.entries(CLIENT_KINDS)) {
      const sent: Uint8Array[] = []
      simulate({
        client: model({}),
        servers: [
          {
            address: '192.0.2.1',
            answer: ({ payload }) => {
              sent.push(payload)
              return []
            },
          },
        ],
      })
      const read = readRequest(sent[0]!, arrival())
      expect([kind, read.ok && read.value.firmware, read.ok && read.value.architecture]).toEqual([
        kind,
        firmware,
        architecture,
      ])
    }
    const modelled = new Set(Object.values(CLIENT_KINDS).map(({ firmware }) => firmware))
    expect(FIRMWARE.filter((name) => !modelled.has(name))).toEqual(['other'])
  })

  it.each(Object.keys(CLIENT_KINDS))('boot a %s by its own row alone', (kind) => {
    const { model } = Object.entries(CLIENT_KINDS).find(([name]) => name === kind)![1]
    const servers = [mainDhcpServer(), ourProxy(answerFor(kind))]
    expect(simulate({ client: model({}), servers }).outcome).toMatchObject({
      type: 'download',
      server: '192.0.2.2',
    })
  })

  it('let every firmware in by its class', () => {
    for (const { classes, name } of FIRMWARE_ROWS)
      for (const start of classes)
        expect([name, dropOf(clientPacket({}, { 60: start }))]).toEqual([name, undefined])
  })

  it('pair the architectures of one machine', () => {
    expect([7, 11, 0, 21, 27, 41].map((code) => architectureFor(code, 'http'))).toEqual([
      16, 19, 20, 23, 28, 41,
    ])
    expect([16, 19, 24, 7, 0xffff].map((code) => architectureFor(code, 'pxe'))).toEqual([
      7, 11, 22, 7, 0xffff,
    ])
  })

  it('name an iPXE binary for every EFI processor that iPXE is built for, and no other', () => {
    const named = [...ARCHITECTURES.values()].filter(({ ipxeBinary }) => ipxeBinary)
    expect(named.map(({ code }) => code)).toEqual([
      0, 6, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20, 25, 26, 27, 28, 39, 40,
    ])
  })

  it('survive the way through bytes', () => {
    for (const { packet } of SEEN) {
      const bytes = encodePacket(packet)
      expect(encodePacket(decodePacket(bytes))).toEqual(bytes)
    }
  })
})
