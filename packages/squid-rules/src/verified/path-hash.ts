/** Two words of 32 bits. */
export interface Hash64 {
  high: number
  low: number
}

/**
 * HalfSipHash-2-4 with 64 bits of output, over bytes given as latin1 text. Keyed, as the text comes from clients: who
 * knew the key could make a path of his own that meets a real one.
 * https://github.com/veorq/SipHash (halfsiphash.c)
 */
export const hashText = (
  key: Hash64,
  text: string,
  from: number,
  to: number,
  out: Hash64,
): void => {
  let v0 = key.low
  let v1 = key.high ^ 0xee
  let v2 = 0x6c796765 ^ key.low
  let v3 = 0x74656462 ^ key.high
  const length = to - from
  const whole = from + (length & ~3)
  let rounds = 0
  let word = 0
  const round = (): void => {
    v0 = (v0 + v1) | 0
    v1 = (v1 << 5) | (v1 >>> 27)
    v1 ^= v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = (v3 << 8) | (v3 >>> 24)
    v3 ^= v2
    v0 = (v0 + v3) | 0
    v3 = (v3 << 7) | (v3 >>> 25)
    v3 ^= v0
    v2 = (v2 + v1) | 0
    v1 = (v1 << 13) | (v1 >>> 19)
    v1 ^= v2
    v2 = (v2 << 16) | (v2 >>> 16)
  }
  for (let at = from; at < whole; at += 4) {
    word =
      text.charCodeAt(at) |
      (text.charCodeAt(at + 1) << 8) |
      (text.charCodeAt(at + 2) << 16) |
      (text.charCodeAt(at + 3) << 24)
    v3 ^= word
    round()
    round()
    v0 ^= word
  }
  word = length << 24
  for (let at = whole, shift = 0; at < to; at++, shift += 8) word |= text.charCodeAt(at) << shift
  v3 ^= word
  round()
  round()
  v0 ^= word
  v2 ^= 0xee
  for (rounds = 0; rounds < 4; rounds++) round()
  out.low = (v1 ^ v3) >>> 0
  v1 ^= 0xdd
  for (rounds = 0; rounds < 4; rounds++) round()
  out.high = (v1 ^ v3) >>> 0
}
