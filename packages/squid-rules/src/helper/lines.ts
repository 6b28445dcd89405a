/** Squid sends at most 9,216 bytes (`MAX_URL` and 1,024 more); what is longer is not from Squid. */
const MAX_LINE_BYTES: number = 64 * 1024

/** All that an endless line's answer needs: without a URL, that is `ERR`. */
const idOf = (line: string): string => /^\d{1,20}[\t-\r ]/.exec(line)?.[0] ?? ''

/** Captures chunks of latin1 text into lines, and keeps no more than one line's worth; of a longer one, its channel-ID. */
export interface LineCutter {
  /** Calls back for every whole line of `carry + chunk`, without its newline. */
  readonly push: (chunk: string, line: (text: string) => void) => void
  /** Calls back for what is left when the input ends without a newline. */
  readonly end: (line: (text: string) => void) => void
}

export const createLineCutter = (maxBytes: number = MAX_LINE_BYTES): LineCutter => {
  let carry = ''
  let isTooLong = false
  const keep = (text: string): void => {
    if (isTooLong) return
    isTooLong = text.length > maxBytes
    carry = isTooLong ? idOf(text) : text
  }
  return {
    push(chunk, line) {
      let start = 0
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
        const text = isTooLong ? '' : chunk.slice(start, end)
        line(carry === '' ? text : carry + text)
        carry = ''
        isTooLong = false
        start = end + 1
      }
      if (start < chunk.length) keep(carry + chunk.slice(start))
    },
    end(line) {
      if (carry !== '' || isTooLong) line(carry)
      carry = ''
      isTooLong = false
    },
  }
}
