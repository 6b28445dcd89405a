import { type DhcpPacket, OptionCode } from '../../src/codec/index.ts'

const text = (value: string) => Uint8Array.from(value, (c) => c.charCodeAt(0))

export const MAC = '52:54:00:12:34:56'
export const UUID = '00112233-4455-6677-8899-aabbccddeeff'

export const hex = (value: string): Uint8Array =>
  Uint8Array.from(value.replaceAll(/[\s:]/g, '').match(/../g) ?? [], (two) =>
    Number.parseInt(two, 16),
  )

/** A packet from a client; `options` are added to, or with undefined taken from, those of a plain PXE ROM. */
export const clientPacket = (
  header: Partial<DhcpPacket> = {},
  options: Readonly<Record<number, Uint8Array | string | undefined>> = {},
): DhcpPacket => {
  const all: Record<number, Uint8Array | string | undefined> = {
    [OptionCode.MESSAGE_TYPE]: Uint8Array.of(1),
    [OptionCode.MAX_MESSAGE_SIZE]: hex('05c0'),
    [OptionCode.PARAMETER_LIST]: hex('01 02 03 0c 0d 11 2b 36 3c 42 43 80 81 82 83 84 85 86 87'),
    [OptionCode.MACHINE_ID]: hex('00 33221100 5544 7766 8899 aabbccddeeff'),
    [OptionCode.ARCHITECTURE]: hex('0000'),
    [OptionCode.NETWORK_INTERFACE]: hex('010201'),
    [OptionCode.VENDOR_CLASS]: 'PXEClient:Arch:00000:UNDI:002001',
    ...options,
  }
  const map = new Map<number, Uint8Array>()
  for (const [code, value] of Object.entries(all)) {
    if (value !== undefined) map.set(Number(code), typeof value === 'string' ? text(value) : value)
  }
  const chaddr = new Uint8Array(16)
  chaddr.set(hex(MAC))
  return {
    op: 1,
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 0x1a2b3c4d,
    secs: 4,
    flags: 0x8000,
    ciaddr: '0.0.0.0',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr,
    sname: '',
    file: '',
    options: map,
    ...header,
  }
}

/** OVMF's own PXE client. */
export const uefiPacket = (
  header: Partial<DhcpPacket> = {},
  options: Parameters<typeof clientPacket>[1] = {},
) =>
  clientPacket(header, {
    [OptionCode.ARCHITECTURE]: hex('0007'),
    [OptionCode.VENDOR_CLASS]: 'PXEClient:Arch:00007:UNDI:003001',
    ...options,
  })

/** iPXE 1.21.1 for BIOS, option 175 as it sends it. */
export const IPXE_OPTION = hex(
  'b1 05 01 1af4 1000 eb 03 011501 17 01 01 15 01 01 13 01 01 11 01 01 27 01 01 19 01 01 10 01 02 21 01 01 18 01 01 12 01 01',
)

export const ipxePacket = (
  header: Partial<DhcpPacket> = {},
  options: Parameters<typeof clientPacket>[1] = {},
) =>
  clientPacket(header, {
    [OptionCode.USER_CLASS]: 'iPXE',
    [OptionCode.IPXE]: IPXE_OPTION,
    ...options,
  })
