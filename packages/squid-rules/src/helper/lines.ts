/** Squid sends at most 9,216 bytes (`MAX_URL` and 1,024 more); what is longer is not from Squid. */
const MOST_LINE_BYTES: number = 64 * 1024

/** Cuts chunks of latin1 text into lines, and keeps no more than one line's worth. */
export interface LineCutter {
  /** Calls back for every whole line of `carry + chunk`, without its newline. */
  readonly push: (chunk: string, line: (text: string) => void) => void
  /** Calls back for what is left when the input ends without a newline. */
  readonly end: (line: (text: string) => void) => void
}

export const createLineCutter = (most: number = MOST_LINE_BYTES): LineCutter => {
  let carry = ''
  const keep = (text: string): void => {
    // The start of an endless line is kept: its channel-ID is needed for the answer.
    carry = text.length > most ? text.slice(0, most) : text
  }
  return {
    push(chunk, line) {
      let start = 0
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
        const text = chunk.slice(start, end)
        line(carry === '' ? text : carry + text)
        carry = ''
        start = end + 1
      }
      if (start < chunk.length) keep(carry + chunk.slice(start))
    },
    end(line) {
      if (carry !== '') line(carry)
      carry = ''
    },
  }
}
