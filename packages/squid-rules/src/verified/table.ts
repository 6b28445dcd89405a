import { SquidRulesError } from '../errors.ts'
import { hashText, type Hash64 } from './path-hash.ts'

/*
 * A table of paths, in one file. Numbers are little endian.
 *
 *   0  "BWSQ"   4  version, 1   8  key of the hash, 8 bytes   16  entries n   20  bytes of a value v   24 to 63  zero
 *   64             n * 8  hashes of the paths, high word first, sorted
 *   64 + n * 8     n * v  their values in the same order
 */
const MAGIC = 0x51535742
const VERSION = 1
const HEADER_BYTES = 64

/** What one table may hold. */
const MAX_ENTRIES = 10_000_000

/** Buckets over the first bits of a hash: about one entry each. */
const MAX_BUCKET_BITS = 20

/** Values by path; a path itself is not kept. */
export interface Table {
  readonly entries: number
  readonly valueBytes: number
  /** Where the value of this text begins in `bytes`, or -1. */
  readonly find: (text: string, from: number, to: number) => number
  readonly bytes: Uint8Array
}

const fail = (why: string): never => {
  throw new SquidRulesError(
    'ERR_SQUID_INDEX',
    `a table of verified paths ${why}; run bootwire-squid index again`,
  )
}

/** Makes a table that has been read into memory ready; the memory is used as it is. */
export const openTable = (bytes: Uint8Array): Table => {
  if (bytes.length < HEADER_BYTES) return fail('is cut short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION)
    return fail('is of another version')
  const key = { high: view.getInt32(8, true), low: view.getInt32(12, true) }
  const entries = view.getUint32(16, true)
  const valueBytes = view.getUint32(20, true)
  const values = HEADER_BYTES + entries * 8
  if (entries > MAX_ENTRIES || values + entries * valueBytes !== bytes.length)
    return fail('is cut short')
  const hashes = new Uint32Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES, entries * 2)
  const bits = Math.min(MAX_BUCKET_BITS, Math.max(1, Math.ceil(Math.log2(entries + 1))))
  const shift = 32 - bits
  const starts = new Int32Array(2 ** bits + 1)
  for (let i = 0; i < entries; i++) starts[(hashes[i * 2]! >>> shift) + 1]!++
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!
  const hash: Hash64 = { high: 0, low: 0 }
  return {
    entries,
    valueBytes,
    bytes,
    find(text, from, to) {
      hashText(key, text, from, to, hash)
      const bucket = hash.high >>> shift
      const end = starts[bucket + 1]!
      for (let i = starts[bucket]!; i < end; i++) {
        if (hashes[i * 2] === hash.high && hashes[i * 2 + 1] === hash.low)
          return values + i * valueBytes
      }
      return -1
    },
  }
}

/** Collects entries and writes a table. A path with two values is in none: whoever asks for it gets no key. */
export interface TableWriter {
  readonly add: (path: string, value: Uint8Array) => void
  /** How many paths were left out because they came with two values. */
  readonly conflicts: () => number
  readonly write: () => Uint8Array
}

export const createTableWriter = (valueBytes: number, key: Uint8Array): TableWriter => {
  const view = new DataView(key.buffer, key.byteOffset, 8)
  const secret = { high: view.getInt32(0, true), low: view.getInt32(4, true) }
  let capacity = 1024
  let entries = 0
  let hashes = new Uint32Array(capacity * 2)
  let values = new Uint8Array(capacity * valueBytes)
  let conflicts = 0
  const hash: Hash64 = { high: 0, low: 0 }
  const grow = (): void => {
    capacity *= 2
    const [oldHashes, oldValues] = [hashes, values]
    hashes = new Uint32Array(capacity * 2)
    hashes.set(oldHashes)
    values = new Uint8Array(capacity * valueBytes)
    values.set(oldValues)
  }
  const isSame = (a: number, b: number): boolean =>
    hashes[a * 2] === hashes[b * 2] && hashes[a * 2 + 1] === hashes[b * 2 + 1]
  const valueAt = (i: number): Uint8Array => values.subarray(i * valueBytes, (i + 1) * valueBytes)
  return {
    add(path, value) {
      if (value.length !== valueBytes) return
      if (entries === MAX_ENTRIES) fail(`would hold more than ${MAX_ENTRIES} paths`)
      if (entries === capacity) grow()
      hashText(secret, path, 0, path.length, hash)
      hashes[entries * 2] = hash.high
      hashes[entries * 2 + 1] = hash.low
      values.set(value, entries * valueBytes)
      entries++
    },
    conflicts: () => conflicts,
    write() {
      const order = Uint32Array.from({ length: entries }, (_, i) => i).toSorted(
        (a, b) =>
          hashes[a * 2]! - hashes[b * 2]! || hashes[a * 2 + 1]! - hashes[b * 2 + 1]! || a - b,
      )
      const kept: number[] = []
      conflicts = 0
      for (let i = 0; i < order.length;) {
        let end = i + 1
        let agrees = true
        while (end < order.length && isSame(order[i]!, order[end]!)) {
          agrees &&= Buffer.compare(valueAt(order[i]!), valueAt(order[end]!)) === 0
          end++
        }
        if (agrees) kept.push(order[i]!)
        else conflicts++
        i = end
      }
      const out = new Uint8Array(HEADER_BYTES + kept.length * (8 + valueBytes))
      const head = new DataView(out.buffer)
      head.setUint32(0, MAGIC, true)
      head.setUint32(4, VERSION, true)
      out.set(key.subarray(0, 8), 8)
      head.setUint32(16, kept.length, true)
      head.setUint32(20, valueBytes, true)
      kept.forEach((from, i) => {
        head.setUint32(HEADER_BYTES + i * 8, hashes[from * 2]!, true)
        head.setUint32(HEADER_BYTES + i * 8 + 4, hashes[from * 2 + 1]!, true)
        out.set(valueAt(from), HEADER_BYTES + kept.length * 8 + i * valueBytes)
      })
      return out
    },
  }
}
