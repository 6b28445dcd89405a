/** Unchanged lines shown around a change. */
const CONTEXT = 3

/** A line of both texts, of the old one alone, or of the new one alone. */
interface DiffLine {
  readonly mark: ' ' | '-' | '+'
  readonly text: string
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** How many lines of each text a change takes: the nearest place where both go on alike. */
const changeAt = (
  before: readonly string[],
  after: readonly string[],
): readonly [number, number] => {
  for (let sum = 1; sum < before.length + after.length; sum++)
    for (let old = 0; old <= sum; old++)
      if (old < before.length && before[old] === after[sum - old]) return [old, sum - old]
  return [before.length, after.length]
}

const compare = (before: readonly string[], after: readonly string[]): readonly DiffLine[] => {
  const lines: DiffLine[] = []
  let [old, made] = [0, 0]
  while (old < before.length || made < after.length) {
    if (before[old] === after[made]) {
      lines.push({ mark: ' ', text: before[old]! })
      old++
      made++
      continue
    }
    const [fewer, more] = changeAt(before.slice(old), after.slice(made))
    for (const text of before.slice(old, old + fewer)) lines.push({ mark: '-', text })
    for (const text of after.slice(made, made + more)) lines.push({ mark: '+', text })
    old += fewer
    made += more
  }
  return lines
}

const shown = ({ mark, text }: DiffLine): string =>
  `${mark}${text}${text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`

/** A stretch of lines with the head that `patch` wants: where it begins in both texts, and how long it is. */
const hunkOf = (lines: readonly DiffLine[], from: number, to: number): string => {
  const count = (mark: string, start: number, end: number): number =>
    lines.slice(start, end).filter((line) => line.mark !== mark).length
  const range = (mark: string): string => {
    const length = count(mark, from, to)
    return `${count(mark, 0, from) + (length === 0 ? 0 : 1)},${length}`
  }
  return `@@ -${range('+')} +${range('-')} @@\n${lines.slice(from, to).map(shown).join('')}`
}

/** The difference of two texts as `patch` takes it; nothing where there is none. */
export const unifiedDiff = (file: string, before: string, after: string): string => {
  const lines = compare(linesOf(before), linesOf(after))
  const changed = lines.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]))
  const hunks: { from: number; to: number }[] = []
  for (const index of changed) {
    const last = hunks.at(-1)
    const from = Math.max(0, index - CONTEXT)
    const to = Math.min(lines.length, index + CONTEXT + 1)
    if (last && from <= last.to) last.to = to
    else hunks.push({ from, to })
  }
  if (hunks.length === 0) return ''
  return `--- ${file}\n+++ ${file}\n${hunks.map(({ from, to }) => hunkOf(lines, from, to)).join('')}`
}
