/** One entry of the System Use Sharing Protocol (SUSP 1.12 section 4). */
export interface SystemUseEntry {
  readonly signature: string
  /** Behind signature, length and version. */
  readonly data: Buffer
}

/** Where the entries of a record go on. */
export interface Continuation {
  readonly sector: number
  readonly offset: number
  readonly lengthBytes: number
}

/** Entries of one area, up to what is no entry or ends them: `ST`, padding, an entry that is cut. */
export const decodeSystemUse = (area: Buffer): readonly SystemUseEntry[] => {
  const entries: SystemUseEntry[] = []
  for (let at = 0; at + 4 <= area.length;) {
    const signature = area.toString('latin1', at, at + 2)
    const length = area[at + 2]!
    if (signature === 'ST' || length < 4 || at + length > area.length) break
    entries.push({ signature, data: area.subarray(at + 4, at + length) })
    at += length
  }
  return entries
}

/** What a `CE` entry says; its numbers are in both byte orders. */
export const decodeContinuation = ({ data }: SystemUseEntry): Continuation | undefined =>
  data.length < 24
    ? undefined
    : {
        sector: data.readUInt32LE(0),
        offset: data.readUInt32LE(8),
        lengthBytes: data.readUInt32LE(16),
      }

/**
 * Bytes to skip at the start of every system use area, as the `SP` entry of the root's own record says; undefined: the
 * protocol is not used here.
 */
export const skippedBytesOf = (rootSystemUse: Buffer): number | undefined => {
  const sp = decodeSystemUse(rootSystemUse).find(({ signature }) => signature === 'SP')
  return sp && sp.data.length >= 3 && sp.data[0] === 0xbe && sp.data[1] === 0xef
    ? sp.data[2]
    : undefined
}
