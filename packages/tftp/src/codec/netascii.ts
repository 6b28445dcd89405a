import { Buffer } from 'node:buffer'

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00

/** How many bytes `bytes` take in netascii: each CR and each LF becomes two (RFC 764, "NVT"). */
export const netasciiLength = (bytes: Uint8Array): number => {
  let length = bytes.length
  for (const byte of bytes) if (byte === LF || byte === CR) length++
  return length
}

/**
 * Local text to netascii: LF becomes CR LF, CR becomes CR NUL (RFC 1350 section 5).
 *
 * Every byte stands for itself, so pieces of a file may be encoded one after the other.
 */
export const encodeNetascii = (bytes: Uint8Array): Buffer => {
  const encoded = Buffer.allocUnsafe(netasciiLength(bytes))
  let at = 0
  for (const byte of bytes) {
    if (byte === LF) {
      encoded[at++] = CR
      encoded[at++] = LF
    } else {
      encoded[at++] = byte
      if (byte === CR) encoded[at++] = NUL
    }
  }
  return encoded
}

/** Netascii to local text, piece by piece: a pair may be cut by the edge of a block. */
export class NetasciiDecoder {
  #afterCr = false

  /** Decodes one piece; a CR at its end waits for the next one. */
  push(bytes: Uint8Array): Buffer {
    const decoded = Buffer.allocUnsafe(bytes.length + 1)
    let at = 0
    for (const byte of bytes) {
      if (this.#afterCr) {
        this.#afterCr = false
        if (byte === LF || byte === NUL) {
          decoded[at++] = byte === LF ? LF : CR
          continue
        }
        // A bare CR is not netascii; it is kept as it came.
        decoded[at++] = CR
      }
      if (byte === CR) this.#afterCr = true
      else decoded[at++] = byte
    }
    return decoded.subarray(0, at)
  }

  /** What is left when the file ends: a CR that nothing followed. */
  end(): Buffer {
    const left = this.#afterCr ? Buffer.of(CR) : Buffer.alloc(0)
    this.#afterCr = false
    return left
  }
}
