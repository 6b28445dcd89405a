/** A row as the stock helper takes it. */
export interface DbRow {
  readonly line: number
  readonly regex: string
  readonly replacement: string
}

/** A line that the stock helper skips, with or without a word. */
export interface DbSkipped {
  readonly line: number
  readonly text: string
  /** Whether it complains of a parse error on stderr. */
  readonly complains: boolean
}

export interface ParsedDb {
  readonly rows: readonly DbRow[]
  readonly skipped: readonly DbSkipped[]
}

// Both as storeid_file_rewrite has them; there is no comment but a lone `#`.
const BLANK = /^\s*#?$/
const ROW = /^\s*([^\t]+?)\s*\t+\s*([^\t]+?)\s*$/

/** Reads a `storeid.db` as the stock helper does, line by line. */
export const parseStoreIdDb = (text: string): ParsedDb => {
  const rows: DbRow[] = []
  const skipped: DbSkipped[] = []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  lines.forEach((each, i) => {
    const row = BLANK.test(each) ? null : ROW.exec(each)
    if (row) rows.push({ line: i + 1, regex: row[1]!, replacement: row[2]! })
    else skipped.push({ line: i + 1, text: each, complains: !BLANK.test(each) })
  })
  return { rows, skipped }
}
