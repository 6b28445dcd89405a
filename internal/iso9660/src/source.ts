import { Iso9660Error } from './error.ts'

/** An image as bytes that can be read anywhere. */
export interface ByteSource {
  readonly sizeBytes: number
  /** Gives fewer bytes only where the image ends. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>
}

/** Reads a part of an image. Looks at the size first, so that an absurd length takes no memory. */
export const readAll = async (
  { sizeBytes, read }: ByteSource,
  offset: number,
  length: number,
  what: string,
): Promise<Buffer> => {
  const bytes = offset + length <= sizeBytes ? await read(offset, length) : undefined
  if (bytes?.length === length) return Buffer.from(bytes.buffer, bytes.byteOffset, length)
  throw new Iso9660Error(
    'ERR_ISO9660_TRUNCATED',
    `${what} ends at byte ${offset + length}, the image at byte ${bytes ? offset + bytes.length : sizeBytes}`,
  )
}
