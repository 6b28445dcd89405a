/** Bytes of a file in the image. */
export interface Extent {
  readonly offset: number
  readonly lengthBytes: number
}

/** What stands in a folder. */
export type Entry =
  | { readonly kind: 'file'; readonly name: string; readonly file: IsoFile }
  | { readonly kind: 'folder'; readonly name: string; readonly sector: number }
  | { readonly kind: 'link'; readonly name: string; readonly target: string }
  /** A device, a FIFO, a socket. */
  | { readonly kind: 'other'; readonly name: string }

/** A file, to be read without unpacking. */
export interface IsoFile {
  readonly sizeBytes: number
  /** In order; neighbours are one. Empty for an empty file. */
  readonly extents: readonly Extent[]
  /** Why the extents are not the file's bytes: they are compressed, interleaved, or beyond the end of the image. */
  readonly unreadable?: string
}

/** Parts of a file, those that touch made one. */
export const joinExtents = (parts: readonly Extent[]): readonly Extent[] => {
  const joined: Extent[] = []
  for (const part of parts) {
    if (part.lengthBytes === 0) continue
    const last = joined.at(-1)
    if (last && last.offset + last.lengthBytes === part.offset) {
      joined[joined.length - 1] = {
        offset: last.offset,
        lengthBytes: last.lengthBytes + part.lengthBytes,
      }
    } else {
      joined.push(part)
    }
  }
  return joined
}

/** Where `length` bytes from `start` of a file lie in the image; what is beyond its end is left out. */
export const rangesOf = (file: IsoFile, start: number, length: number): readonly Extent[] => {
  const ranges: Extent[] = []
  let begin = 0
  for (const { offset, lengthBytes } of file.extents) {
    const from = Math.max(start, begin)
    const to = Math.min(start + length, begin + lengthBytes)
    if (to > from) ranges.push({ offset: offset + from - begin, lengthBytes: to - from })
    begin += lengthBytes
  }
  return ranges
}
