// Gives every native function arguments of every kind, in a process of its own: a crash would be the end of it. Prints how
// often each function was called, as JSON. Arguments: the .node file, the number of rounds, a seed.
import { createRequire } from 'node:module'

const [file, rounds, seed] = process.argv.slice(2)
const native = createRequire(import.meta.url)(file)

let state = Number(seed)
/** A whole number below `n` (an LCG: the run can be repeated). */
const below = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * n)
}
const pick = (values) => values[below(values.length)]

const own = () => {
  const fd = native.socket(pick([2, 10]), 2, 0)
  const row = new Uint8Array(64)
  row[8] = native.get_option(fd, 1, 39) === 10 ? 6 : 4
  if (row[8] === 4) row.set([127, 0, 0, 1], 16)
  native.bind(fd, row)
  return fd
}
let fds = [own(), own(), own()]
const detached = new Uint8Array(4096)
structuredClone(detached.buffer, { transfer: [detached.buffer] })
const growable = new Uint8Array(new ArrayBuffer(1024, { maxByteLength: 65536 }))
const random = (size) => Uint8Array.from({ length: size }, () => below(256))
const rows = (count) => {
  const bytes = new Uint8Array(count * 64)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length; at += 64) {
    if (below(3) === 0) bytes.set(random(64), at)
    view.setUint32(at + 4, pick([0, 1, 512, 65535, 0xffffffff]), true)
    view.setUint16(at + 8, pick([0, 4, 6, 5]), true)
    view.setUint16(at + 10, pick([0, 9, 65535]), true)
    if (below(2)) bytes.set([127, 0, 0, 1], at + 16)
  }
  return bytes
}
const anything = [
  () => pick(fds),
  () => pick([-1, -2, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 1e300, NaN, Infinity, 0.5, -0, 100_000]),
  () => pick([0, 1, 2, 3, 7, 17, 41, 58, 64, 103, 512, 2048, 65536]),
  () =>
    pick([
      undefined,
      null,
      true,
      'text',
      Symbol('s'),
      10n,
      {},
      [],
      () => {},
      new Date(),
      new Proxy({}, {}),
    ]),
  () =>
    pick([
      new Uint8Array(0),
      detached,
      growable,
      new Uint16Array(8),
      new DataView(new ArrayBuffer(64)),
    ]),
  () =>
    pick([
      new ArrayBuffer(64),
      new SharedArrayBuffer(64),
      new Uint8Array(new SharedArrayBuffer(640)),
    ]),
  () => random(below(300)),
  () => new Uint8Array(pick([64, 2048, 65536, 1 << 20])),
  () => rows(pick([1, 2, 64, 65, 200])),
  () => rows(3).subarray(pick([1, 2, 64])),
  () => () => {},
]
/** What a function takes; two rounds in three are of this shape, with one argument replaced at times. */
const shapes = {
  socket: [() => pick([2, 10]), () => pick([2, 3]), () => pick([0, 17, 58, -1])],
  close: [() => pick(fds)],
  set_option: [
    () => pick(fds),
    () => pick([0, 1, 17, 41, 58]),
    () => below(130),
    () => (below(2) ? below(2000) : random(below(300))),
  ],
  get_option: [() => pick(fds), () => pick([0, 1, 17, 41, 58]), () => below(130)],
  bind: [() => pick(fds), () => rows(1)],
  name: [() => pick(fds), () => rows(1)],
  interface_index: [() => random(below(20))],
  interface_name: [() => below(5), () => new Uint8Array(below(20))],
  send: [
    () => pick(fds),
    () => new Uint8Array(pick([0, 64, 65536])),
    () => rows(pick([1, 2, 70])),
    () => below(72),
  ],
  receive: [
    () => pick(fds),
    () => new Uint8Array(pick([0, 2048, 65536])),
    () => below(3000),
    () => rows(pick([1, 2, 70])),
  ],
  watch: [
    () => pick(fds),
    () => new Uint8Array(pick([2048, 65536])),
    () => pick([1, 512, 2048]),
    () => rows(pick([1, 4])),
    () => () => {},
  ],
  unwatch: [() => below(50)],
}

const calls = {}
const names = Object.keys(native).toSorted()
for (let round = 0; round < Number(rounds); round++) {
  const name = pick(names)
  const wild = below(3) === 0
  const shape = shapes[name]
  const values = (wild ? Array.from({ length: below(7) }, () => pick(anything)) : shape).map(
    (make) => make(),
  )
  if (!wild && below(3) === 0) values[below(values.length)] = pick(anything)()
  const result = native[name](...values)
  if (!Number.isInteger(result)) throw new Error(`${name} answered ${String(result)}`)
  calls[name] = (calls[name] ?? 0) + 1
  if (name === 'socket' && result >= 0) fds.push(result)
  if (fds.length > 40) {
    for (const fd of fds) native.close(fd)
    fds = [own(), own(), own()]
  }
  // Lets the watches fire, also those whose socket is closed or whose bytes are gone.
  if (round % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
}
process.stdout.write(JSON.stringify(calls), () => process.exit(0))
