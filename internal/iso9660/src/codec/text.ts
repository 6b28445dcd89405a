import { Buffer } from 'node:buffer'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A name in no stated encoding: UTF-8 as everybody writes it today, else one letter for each byte. */
export const textOf = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}

/** Big-endian UCS-2, as Joliet has it; an odd last byte is dropped. */
export const ucs2TextOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le')

/** A field that is filled up with spaces, by some writers with zeros. */
export const trimmed = (text: string): string => text.replace(/[ \0]+$/, '')
