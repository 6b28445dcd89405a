import { parse, type Script } from '../syntax/index.ts'
import type { AnyProfile } from '../table/index.ts'
import { createFlow } from './flow.ts'
import { createModel } from './model.ts'
import type { Edit, Severity } from './rule.ts'
import { RULES } from './rules/index.ts'
import { createTargets } from './targets.ts'

export interface LintOptions {
  /** Builds that the script is for: what they lack is an error. Default: none named. */
  readonly profiles?: readonly AnyProfile[]
  /** Rules to leave out, by id. Default: none. */
  readonly ignore?: readonly string[]
}

/** Something that a rule found; line and column count from 1. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly start: number
  readonly end: number
  readonly line: number
  readonly column: number
  /** Edits that cure it. */
  readonly fix?: readonly Edit[]
}

/** Rules that a comment switches off for its line, or alone on a line, for the next one. */
const DISABLE = /^#\s*lint-ignore\s+([\w-]+(?:[ ,]+[\w-]+)*)/

/** Rules ignored by comments: the row, and the ids. */
const ignoredRows = (script: Script): ReadonlyMap<number, ReadonlySet<string>> => {
  const ignored = new Map<number, ReadonlySet<string>>()
  for (const [row, line] of script.lines.entries()) {
    const [, ids] = DISABLE.exec(line.comment?.text ?? '') ?? []
    if (ids === undefined) continue
    const isAlone = line.segments.length === 0 && !line.label
    ignored.set(isAlone ? row + 1 : row, new Set(ids.split(/[ ,]+/)))
  }
  return ignored
}

/** Index of the last item that starts at or before an offset. */
const lastBefore = <T>(
  items: readonly T[],
  startOf: (item: T) => number,
  offset: number,
): number => {
  let low = 0
  let high = items.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (startOf(items[middle]!) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** Turns offsets into lines and columns, and into the index of the logical line. */
const createPlaces = (
  script: Script,
): ((offset: number) => { line: number; column: number; row: number }) => {
  const starts = [0]
  for (let at = script.text.indexOf('\n'); at >= 0; at = script.text.indexOf('\n', at + 1))
    starts.push(at + 1)
  return (offset) => {
    const line = lastBefore(starts, (start) => start, offset)
    return {
      line: line + 1,
      column: offset - starts[line]! + 1,
      row: lastBefore(script.lines, ({ start }) => start, offset),
    }
  }
}

/** Checks a script. Any text can be given; the findings come in the order of their places. */
export const lint = (text: string, options: LintOptions = {}): readonly Finding[] => {
  const { profiles = [], ignore = [] } = options
  const script = parse(text)
  const model = createModel(script)
  const targets = createTargets(model)
  const context = { model, flow: createFlow(model, targets, profiles), targets, profiles }
  const ignored = ignoredRows(script)
  const place = createPlaces(script)
  return RULES.filter(({ id }) => !ignore.includes(id))
    .flatMap(({ id, severity, check }) =>
      check(context).flatMap((remark): Finding[] => {
        const { line, column, row } = place(remark.start)
        return ignored.get(row)?.has(id) ? [] : [{ rule: id, severity, ...remark, line, column }]
      }),
    )
    .toSorted((a, b) => a.start - b.start)
}

/** Applies the fixes of findings to the text they were found in. Of two that overlap, the first is applied. */
export const applyFixes = (text: string, findings: readonly Finding[]): string => {
  let fixed = text
  const taken: Edit[] = []
  const isFree = ({ start, end }: Edit): boolean =>
    taken.every((other) => end < other.start || start > other.end)
  for (const { fix } of findings) if (fix?.every(isFree)) taken.push(...fix)
  for (const { start, end, text: replacement } of taken.toSorted((a, b) => b.start - a.start))
    fixed = fixed.slice(0, start) + replacement + fixed.slice(end)
  return fixed
}

/** Lints and fixes until nothing more can be fixed; a fix may uncover another finding. */
export const lintAndFix = (text: string, options: LintOptions = {}): string => {
  let current = text
  for (let round = 0; round < 10; round++) {
    const next = applyFixes(current, lint(current, options))
    if (next === current) break
    current = next
  }
  return current
}
