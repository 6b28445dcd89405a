import { text, type RawOption } from './wire.ts'

/** Who the client is: what it puts into every packet. */
export interface Machine {
  /** Hardware address. Default: 52:54:00:12:34:56. */
  readonly mac?: string
  /** 16 bytes as 32 hexadecimal digits, as on the wire. Default: zeros, as firmware without one sends. */
  readonly uuid?: string
  /** Option 93. Default: by model. */
  readonly architecture?: number
  /** Transaction id; clients choose it at random. Default: made of the hardware address. */
  readonly xid?: number
}

export const chaddrOf = (machine: Machine): Uint8Array => {
  const bytes = (machine.mac ?? '52:54:00:12:34:56')
    .split(':')
    .map((byte) => Number.parseInt(byte, 16))
  return Uint8Array.from([...bytes, ...Array.from({ length: 16 - bytes.length }, () => 0)])
}

export const xidOf = (machine: Machine): number => {
  const mac = chaddrOf(machine)
  return machine.xid ?? ((mac[2]! << 24) | (mac[3]! << 16) | (mac[4]! << 8) | mac[5]!) >>> 0
}

/** Option 97: type 0 and 16 bytes. */
export const uuidOption = (machine: Machine): RawOption => {
  const hex = machine.uuid ?? '0'.repeat(32)
  const bytes = Array.from({ length: 16 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  )
  return [97, [0, ...bytes]]
}

export const word = (value: number): number[] => [(value >> 8) & 255, value & 255]

/** Option 60 as PXE and HTTP Boot write it; the architecture is decimal, five digits. */
export const vendorClass = (
  kind: 'PXEClient' | 'HTTPClient',
  architecture: number,
  undi: string,
): RawOption => [60, text(`${kind}:Arch:${String(architecture).padStart(5, '0')}:UNDI:${undi}`)]
