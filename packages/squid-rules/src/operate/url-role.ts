/**
 * Names of values that are URLs and no mirrors, in the lists that distributions publish: who pays for a mirror (AlmaLinux's
 * `sponsor_url`, CentOS's "Sponsor URL"), its page (`details` of archlinux.org/mirrors/status/json), XML name spaces of
 * MirrorManager's metalinks, and in `.repo` files keys and lists (dnf.conf(5)).
 */
const NO_MIRROR =
  /^(?:xmlns(?::.*)?|schemalocation|.*sponsor.*|details|gpgkey|metalink|mirrorlist|home|home_?page|web_?site|contact|admin.*|info|logo|proxy|gpgcakey|signed-by)$/i

/** The name before a value: `key: URL`, `key=URL`, `"key": "URL"`, `key="URL"`. */
const KEY = /([\w:.-]+)["']?\s*[:=]\s*["'[]?\s*$/

/** Cells of a CSV line whose cells are all quoted. */
const cellsOf = (line: string): readonly string[] | undefined => {
  if (!/^\s*"[^"]*"(?:,"[^"]*")+\s*$/.test(line)) return undefined
  return [...line.matchAll(/"([^"]*)"/g)].map(([, cell = '']) => cell)
}

/** The names of a CSV file's columns, where this line holds them. */
export const columnsOf = (line: string): readonly string[] | undefined => {
  const cells = cellsOf(line)
  return cells?.every((cell) => /^[A-Za-z][\w ]*$/.test(cell)) ? cells : undefined
}

/** Whether a URL at this place of a line can be a mirror, by the name that the line or its column gives it. */
export const isMirrorRole = (
  line: string,
  at: number,
  columns: readonly string[] = [],
): boolean => {
  const before = line.slice(0, at)
  const key = KEY.exec(before)?.[1]
  if (key !== undefined) return !NO_MIRROR.test(key)
  const column = cellsOf(line) ? columns[before.split('","').length - 1] : undefined
  return column === undefined || !NO_MIRROR.test(column)
}
