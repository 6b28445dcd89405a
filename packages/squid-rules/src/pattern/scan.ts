import { Code, IS_BLANK, IS_PLAIN } from './characters.ts'

/** A path is at most 8 KB in Squid (`MAX_URL`), so it has at most this many segments that are not empty. */
const MAX_SEGMENTS = 4200

/** Where the segments of one path begin and end. One is made for each engine and used for every line again. */
export interface Path {
  text: string
  /** One past the last byte of the URL. */
  end: number
  count: number
  readonly starts: Int32Array
  readonly ends: Int32Array
}

export const newPath = (): Path => ({
  text: '',
  end: 0,
  count: 0,
  starts: new Int32Array(MAX_SEGMENTS),
  ends: new Int32Array(MAX_SEGMENTS),
})

/** The two digits of an escape that is let through, as in {@link ESCAPES}. */
const isHarmlessEscape = (text: string, at: number): boolean => {
  const digit = text.charCodeAt(at + 1)
  const second = text.charCodeAt(at + 2) | 0x20
  return (
    (digit === 0x32 && second === 0x62) || // %2B +
    (digit === 0x33 && second === 0x61) || // %3A :
    (digit === 0x34 && text.charCodeAt(at + 2) === 0x30) || // %40 @
    ((digit === 0x35 || digit === 0x37) && second === 0x65) // %5E ^, %7E ~
  )
}

/**
 * Finds the segments from `from` to the first blank or the end of the text.
 * @returns false when the path holds anything that must not get a key: see {@link PLAIN}, empty or dot segments
 */
export const scanPath = (path: Path, text: string, from: number): boolean => {
  path.text = text
  let count = 0
  let start = from
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (IS_PLAIN[code] === 1) continue
    if (code === Code.slash) {
      if (at === start || count === MAX_SEGMENTS - 1) return false
      path.starts[count] = start
      path.ends[count++] = at
      start = at + 1
    } else if (code === Code.percent) {
      if (!isHarmlessEscape(text, at)) return false
      at += 2
    } else if (IS_BLANK[code] === 1) break
    else return false
  }
  if (at === start) return false
  path.starts[count] = start
  path.ends[count++] = at
  path.count = count
  path.end = at
  return true
}
