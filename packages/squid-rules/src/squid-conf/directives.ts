/** A directive of a `squid.conf`. */
export interface Line {
  readonly number: number
  readonly words: readonly string[]
}

/** Directives of a `squid.conf`: comments and blank lines left out, continued lines joined. */
export const linesOf = (text: string): Line[] => {
  const lines: Line[] = []
  let carried = ''
  text.split(/\r?\n/).forEach((each, i) => {
    const whole = carried + each
    carried = whole.endsWith('\\') ? whole.slice(0, -1) : ''
    const words = whole.trim().split(/\s+/)
    if (carried === '' && words[0] !== '' && !words[0]!.startsWith('#'))
      lines.push({ number: i + 1, words })
  })
  return lines
}
