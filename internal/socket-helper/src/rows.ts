import { formatIPv4, formatIPv6 } from './address.ts'

/** Bytes of a row: `struct row` of native/helper.h. */
export const ROW_BYTES = 64

/** Where the fields of a row are, in bytes. */
export const FIELD = {
  offset: 0,
  length: 4,
  family: 8,
  port: 10,
  scope: 12,
  address: 16,
  local: 32,
  interface: 48,
  flags: 52,
  hopLimit: 54,
  segment: 56,
  error: 60,
} as const

/** Bits of the field `flags`. */
export const ROW_TRUNCATED = 1
export const ROW_HAS_LOCAL = 2

/** Most rows that are worth a batch: the kernel is asked for 64 at a time. */
export const MAX_ROWS = 1024

/** Rows that native code reads and writes: one for each datagram. x64 and arm64 are little-endian. */
export class Rows {
  readonly bytes: Uint8Array
  readonly #u16: Uint16Array
  readonly #u32: Uint32Array
  readonly #i32: Int32Array

  constructor(count: number) {
    const buffer = new ArrayBuffer(count * ROW_BYTES)
    this.bytes = new Uint8Array(buffer)
    this.#u16 = new Uint16Array(buffer)
    this.#u32 = new Uint32Array(buffer)
    this.#i32 = new Int32Array(buffer)
  }

  get count(): number {
    return this.bytes.length / ROW_BYTES
  }

  u8(row: number, field: number): number {
    return this.bytes[row * ROW_BYTES + field] ?? 0
  }

  u16(row: number, field: number): number {
    return this.#u16[(row * ROW_BYTES + field) >> 1] ?? 0
  }

  setU16(row: number, field: number, value: number): void {
    this.#u16[(row * ROW_BYTES + field) >> 1] = value
  }

  u32(row: number, field: number): number {
    return this.#u32[(row * ROW_BYTES + field) >> 2] ?? 0
  }

  setU32(row: number, field: number, value: number): void {
    this.#u32[(row * ROW_BYTES + field) >> 2] = value
  }

  error(row: number): number {
    return this.#i32[(row * ROW_BYTES + FIELD.error) >> 2] ?? 0
  }

  clear(row: number): void {
    this.bytes.fill(0, row * ROW_BYTES, (row + 1) * ROW_BYTES)
  }

  setBytes(row: number, field: number, value: Uint8Array): void {
    this.bytes.set(value, row * ROW_BYTES + field)
  }

  /** Moves bytes within a row. */
  move(row: number, from: number, to: number, bytes: number): void {
    const at = row * ROW_BYTES
    this.bytes.copyWithin(at + to, at + from, at + from + bytes)
  }

  /** An address of the row's family as text; `within` is a further offset in bytes. */
  address(row: number, field: number, within = 0): string {
    const at = row * ROW_BYTES + field + within
    return this.u16(row, FIELD.family) === 4
      ? formatIPv4(this.bytes, at)
      : formatIPv6(this.bytes, at)
  }

  /** Copies a row of another batch, or of this one. */
  copy(row: number, rows: Rows, from: number): void {
    const start = from * ROW_BYTES
    this.bytes.set(rows.bytes.subarray(start, start + ROW_BYTES), row * ROW_BYTES)
  }
}
