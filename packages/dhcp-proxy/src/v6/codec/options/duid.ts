import { hexOf } from '../../../codec/text.ts'
import { DhcpError } from '../../../errors.ts'
import { joined, u16, u16Bytes, u32, u32Bytes } from '../bytes.ts'

// Options 1 and 2 hold a DUID (RFC 8415 section 11): type (2) and
//   1  hardware type (2) | seconds since 2000 (4) | link-layer address
//   2  enterprise (4) | identifier
//   3  hardware type (2) | link-layer address
//   4  UUID (16), RFC 6355

/** Names a client or a server. */
export type Duid =
  | {
      readonly kind: 'link-layer-time'
      readonly hardwareType: number
      /** Since midnight UTC of January 1, 2000, modulo 2^32. */
      readonly timeSeconds: number
      /** Hex with colons. */
      readonly linkLayerAddress: string
    }
  | { readonly kind: 'enterprise'; readonly enterprise: number; readonly identifier: Uint8Array }
  | {
      readonly kind: 'link-layer'
      readonly hardwareType: number
      readonly linkLayerAddress: string
    }
  /** In the order of the bytes. EDK2 writes them as they lie in memory, iPXE as they are read: two UUIDs of one machine. */
  | { readonly kind: 'uuid'; readonly uuid: string }
  | { readonly kind: 'other'; readonly type: number; readonly data: Uint8Array }

/** RFC 8415 section 11.1: 128 bytes behind the type. */
const MAX_DUID_BYTES = 130
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const LINK_LAYER_ADDRESS = /^[0-9a-f]{2}(:[0-9a-f]{2})*$/

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_OPTION', message)
}

const uuidText = (bytes: Uint8Array, at: number): string =>
  [0, 4, 6, 8, 10]
    .map((from, i) => hexOf(bytes, '', at + from, at + ([4, 6, 8, 10, 16][i] ?? 16)))
    .join('-')

const bytesOfHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (two) => Number.parseInt(two, 16))

const linkLayerBytes = (text: string): Uint8Array => {
  const lower = text.toLowerCase()
  return LINK_LAYER_ADDRESS.test(lower)
    ? bytesOfHex(lower)
    : refuse(`link-layer address ${JSON.stringify(text)} is not hex with colons`)
}

/** Undefined where the option has no DUID of 3–130 bytes; one whose type does not fit its length is `other`. */
export const decodeDuid = (bytes: Uint8Array): Duid | undefined => {
  const { length } = bytes
  if (length < 3 || length > MAX_DUID_BYTES) return undefined
  const type = u16(bytes, 0)
  if (type === 1 && length > 8)
    return {
      kind: 'link-layer-time',
      hardwareType: u16(bytes, 2),
      timeSeconds: u32(bytes, 4),
      linkLayerAddress: hexOf(bytes, ':', 8),
    }
  if (type === 2 && length > 6)
    return { kind: 'enterprise', enterprise: u32(bytes, 2), identifier: bytes.subarray(6) }
  if (type === 3 && length > 4)
    return {
      kind: 'link-layer',
      hardwareType: u16(bytes, 2),
      linkLayerAddress: hexOf(bytes, ':', 4),
    }
  if (type === 4 && length === 18) return { kind: 'uuid', uuid: uuidText(bytes, 2) }
  return { kind: 'other', type, data: bytes.subarray(2) }
}

const partsOf = (duid: Duid): readonly ArrayLike<number>[] => {
  if (duid.kind === 'link-layer-time')
    return [
      [0, 1],
      u16Bytes('hardwareType', duid.hardwareType),
      u32Bytes('timeSeconds', duid.timeSeconds),
      linkLayerBytes(duid.linkLayerAddress),
    ]
  if (duid.kind === 'enterprise')
    return [[0, 2], u32Bytes('enterprise', duid.enterprise), duid.identifier]
  if (duid.kind === 'link-layer')
    return [
      [0, 3],
      u16Bytes('hardwareType', duid.hardwareType),
      linkLayerBytes(duid.linkLayerAddress),
    ]
  if (duid.kind === 'uuid') {
    const uuid = duid.uuid.toLowerCase()
    return UUID.test(uuid)
      ? [[0, 4], bytesOfHex(uuid)]
      : refuse(`${JSON.stringify(duid.uuid)} is not a UUID`)
  }
  return [u16Bytes('type', duid.type), duid.data]
}

/** @throws {DhcpError} `ERR_DHCP_OPTION`, `ERR_DHCP_FIELD` */
export const encodeDuid = (duid: Duid): Uint8Array => {
  const bytes = joined(partsOf(duid))
  return bytes.length < 3 || bytes.length > MAX_DUID_BYTES
    ? refuse(`a DUID of ${bytes.length} bytes is outside 3–${MAX_DUID_BYTES} (RFC 8415)`)
    : bytes
}

const ETHERNET = 1

/** The MAC in a DUID that was made of one. It may be that of another card of the machine (RFC 8415 section 11.2). */
export const macOfDuid = (duid: Duid): string | undefined =>
  (duid.kind === 'link-layer' || duid.kind === 'link-layer-time') &&
  duid.hardwareType === ETHERNET &&
  duid.linkLayerAddress.length === 17
    ? duid.linkLayerAddress
    : undefined
