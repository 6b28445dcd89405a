import type { DbRow } from './parse.ts'

/** A row whose expression JavaScript can run too. */
export interface RunnableRow extends DbRow {
  readonly compiled: RegExp
}

/** The rows in a form that can be run; those that only Perl understands are left out. */
export const runnable = (rows: readonly DbRow[]): RunnableRow[] =>
  rows.flatMap((row) => {
    try {
      return { ...row, compiled: new RegExp(row.regex) }
    } catch {
      return [] // `lint` reports it
    }
  })

/** What the stock helper answers to a line without its channel-ID: the first row that matches, or undefined. */
export const emulate = (
  rows: readonly RunnableRow[],
  subject: string,
): { readonly row: RunnableRow; readonly key: string } | undefined => {
  for (const row of rows) {
    const match = row.compiled.exec(subject)
    if (!match) continue
    // A match without groups is the list (1) in Perl.
    const captures = match.length > 1 ? match.slice(1) : ['1']
    let key = row.replacement
    // One after the other on the growing text: `$10` is `$1` and a 0, and what was put in is looked at again.
    captures.forEach((capture, i) => {
      key = key.replaceAll(`$${i + 1}`, () => capture ?? '')
    })
    return { row, key }
  }
  return undefined
}
