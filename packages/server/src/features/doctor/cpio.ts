/*
 * cpio, "newc" (kernel.org, Documentation/driver-api/early-userspace/buffer-format.rst). Numbers are 8 digits of hexadecimal:
 *
 *     '070701' or '070702'  12 numbers, the 7th the file's size, the 11th that of its name with its NUL     110 bytes
 *     name, filled up to a multiple of 4        content, filled up likewise
 *     …                                         an entry "TRAILER!!!" ends it; zeros and another archive may follow
 */
const HEADER_BYTES = 110
const SIZE_AT = 6 + 6 * 8
const NAME_BYTES_AT = 6 + 11 * 8
const MAX_NAME_BYTES = 4096

/** Reads the names of an archive that comes in pieces; contents are passed over. */
export class CpioNames {
  readonly #onName: (name: string) => void
  #held: Buffer = Buffer.alloc(0)
  #skipBytes = 0
  /** Where what follows is none, compressed or no cpio at all: what of it the same piece had. Later pieces are not looked at. */
  rest: Buffer | undefined

  constructor(onName: (name: string) => void) {
    this.#onName = onName
  }

  push(piece: Buffer): void {
    if (this.rest) return
    const skipped = Math.min(this.#skipBytes, piece.length)
    this.#skipBytes -= skipped
    this.#held = Buffer.concat([this.#held, piece.subarray(skipped)])
    while (this.rest === undefined && this.#entry());
  }

  /** Takes one entry, or the zeros between archives; false where more bytes are needed. */
  #entry(): boolean {
    const held = this.#held
    if (held.length > 0 && held[0] === 0) {
      const end = held.findIndex((byte) => byte !== 0)
      this.#held = end === -1 ? Buffer.alloc(0) : held.subarray(end)
      return end !== -1
    }
    if (held.length >= 6 && !/^07070[12]$/.test(held.toString('latin1', 0, 6))) {
      this.rest = held
      return false
    }
    if (held.length < HEADER_BYTES) return false
    const number = (at: number) => Number.parseInt(held.toString('latin1', at, at + 8), 16)
    const nameBytes = number(NAME_BYTES_AT)
    const size = number(SIZE_AT)
    if (!(nameBytes > 0 && nameBytes <= MAX_NAME_BYTES && size >= 0)) {
      this.rest = held
      return false
    }
    const bodyAt = Math.ceil((HEADER_BYTES + nameBytes) / 4) * 4
    if (held.length < bodyAt) return false
    const name = held.toString('utf8', HEADER_BYTES, HEADER_BYTES + nameBytes - 1)
    if (name !== 'TRAILER!!!') this.#onName(name)
    const end = bodyAt + Math.ceil(size / 4) * 4
    this.#skipBytes = Math.max(0, end - held.length)
    this.#held = held.subarray(Math.min(end, held.length))
    return this.#held.length > 0
  }
}
