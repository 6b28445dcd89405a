import { Iso9660Error } from '../error.ts'
import { decodeRecord, type DirectoryRecord } from './record.ts'
import { textOf, trimmed, ucs2TextOf } from './text.ts'

/** Bytes of a sector, and of a block: no writer of media has others. */
export const SECTOR_BYTES = 2048
/** Where the descriptors begin: what is before them is the system's (ECMA-119 section 6.2.1). */
export const FIRST_DESCRIPTOR_SECTOR = 16

/** What a volume says of itself. */
export interface Labels {
  readonly volumeId: string
  readonly systemId: string
  readonly volumeSetId: string
  readonly publisherId: string
  readonly preparerId: string
  readonly applicationId: string
}

export type Descriptor =
  | { readonly kind: 'primary' | 'joliet'; readonly labels: Labels; readonly root: DirectoryRecord }
  /** `catalogSector`: of El Torito. */
  | { readonly kind: 'boot'; readonly catalogSector: number }
  | { readonly kind: 'end' }
  /** Of a kind that is of no use here. */
  | { readonly kind: 'other' }
  /** `NSR02`, `NSR03`: a UDF file system is here as well. */
  | { readonly kind: 'udf' }

const EL_TORITO = 'EL TORITO SPECIFICATION'
/** UCS-2 levels 1 to 3, in the field of escape sequences (Joliet Specification, "SVD escape sequences"). */
const JOLIET_ESCAPES = ['%/@', '%/C', '%/E']

const labelsOf = (sector: Buffer, decode: (bytes: Uint8Array) => string): Labels => {
  const field = (from: number, to: number): string => trimmed(decode(sector.subarray(from, to)))
  return {
    systemId: field(8, 40),
    volumeId: field(40, 72),
    volumeSetId: field(190, 318),
    publisherId: field(318, 446),
    preparerId: field(446, 574),
    applicationId: field(574, 702),
  }
}

const volumeOf = (sector: Buffer, kind: 'primary' | 'joliet'): Descriptor => {
  const blockBytes = sector.readUInt16LE(128)
  if (blockBytes !== SECTOR_BYTES) {
    throw new Iso9660Error(
      'ERR_ISO9660_UNSUPPORTED',
      `the volume has blocks of ${blockBytes} bytes, only ${SECTOR_BYTES} are read`,
    )
  }
  const root = decodeRecord(sector.subarray(156, 190))
  if (!root?.isFolder)
    throw new Iso9660Error('ERR_ISO9660_MALFORMED', `the root of the ${kind} volume is no folder`)
  return { kind, labels: labelsOf(sector, kind === 'joliet' ? ucs2TextOf : textOf), root }
}

/**
 * Decodes a volume descriptor (ECMA-119 section 8); undefined: it is none.
 *
 *     0     type: 0 boot record, 1 primary, 2 supplementary, 255 terminator
 *     1–5   CD001
 *     7     boot record: EL TORITO SPECIFICATION
 *     40    volume identifier
 *     71    boot record: sector of the boot catalogue
 *     88    supplementary: escape sequences
 *     128   bytes of a block
 *     156   directory record of the root
 */
export const decodeDescriptor = (sector: Buffer): Descriptor | undefined => {
  const standard = sector.toString('latin1', 1, 6)
  if (standard === 'NSR02' || standard === 'NSR03') return { kind: 'udf' }
  if (standard === 'BEA01' || standard === 'TEA01' || standard === 'BOOT2') return { kind: 'other' }
  if (standard !== 'CD001') return undefined
  const type = sector[0]
  if (type === 255) return { kind: 'end' }
  if (type === 0 && sector.toString('latin1', 7, 7 + EL_TORITO.length) === EL_TORITO)
    return { kind: 'boot', catalogSector: sector.readUInt32LE(71) }
  if (type === 1) return volumeOf(sector, 'primary')
  if (type === 2 && JOLIET_ESCAPES.includes(sector.toString('latin1', 88, 91)))
    return volumeOf(sector, 'joliet')
  return { kind: 'other' }
}
