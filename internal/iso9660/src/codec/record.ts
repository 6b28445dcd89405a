/** A directory record (ECMA-119 section 9.1). */
export interface DirectoryRecord {
  /** First sector of the data, behind an extended attribute record. */
  readonly sector: number
  readonly lengthBytes: number
  readonly isFolder: boolean
  /** A fork of another file, as Apple had them. */
  readonly isAssociated: boolean
  /** The next record is of the same file and goes on with its data. */
  readonly continues: boolean
  /** The data is woven with that of another file, which no medium does today. */
  readonly isInterleaved: boolean
  readonly name: Buffer
  readonly systemUse: Buffer
}

/** A record without name and system use. */
const LEAST_BYTES = 33

/**
 * Decodes the record that `bytes` begins with; undefined: it is not whole.
 *
 *     0   length           18  time          28  volume sequence number
 *     1   sectors of XAR   25  flags         32  length of the name
 *     2   sector           26  unit size     33  name, one byte more where its length is even
 *     10  bytes of data    27  gap           …   system use
 */
export const decodeRecord = (bytes: Buffer): DirectoryRecord | undefined => {
  const [length = 0, attributeSectors = 0] = bytes
  if (length <= LEAST_BYTES || length > bytes.length) return undefined
  const nameEnd = LEAST_BYTES + bytes[32]!
  if (nameEnd > length) return undefined
  const flags = bytes[25]!
  return {
    sector: bytes.readUInt32LE(2) + attributeSectors,
    lengthBytes: bytes.readUInt32LE(10),
    isFolder: (flags & 0x02) !== 0,
    isAssociated: (flags & 0x04) !== 0,
    continues: (flags & 0x80) !== 0,
    isInterleaved: bytes[26] !== 0 || bytes[27] !== 0,
    name: bytes.subarray(LEAST_BYTES, nameEnd),
    systemUse: bytes.subarray(Math.min(length, nameEnd + (nameEnd & 1)), length),
  }
}
