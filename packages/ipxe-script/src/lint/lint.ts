import { createLocator, parse, type Script } from '../syntax/index.ts'
import { lastBefore } from '../syntax/last-before.ts'
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

/** Index of the logical line that an offset is in. */
const rowAt = ({ lines }: Script, offset: number): number =>
  lastBefore(lines, ({ start }) => start, offset)

/** Checks a script. Any text can be given; the findings come in the order of their places. */
export const lint = (text: string, options: LintOptions = {}): readonly Finding[] => {
  const { profiles = [], ignore = [] } = options
  const script = parse(text)
  const model = createModel(script)
  const targets = createTargets(model)
  const context = { model, flow: createFlow(model, targets, profiles), targets, profiles }
  const ignored = ignoredRows(script)
  const locate = createLocator(text)
  return RULES.filter(({ id }) => !ignore.includes(id))
    .flatMap(({ id, severity, check }) =>
      check(context).flatMap((remark): Finding[] => {
        const { line, column } = locate(remark.start)
        return ignored.get(rowAt(script, remark.start))?.has(id)
          ? []
          : [{ rule: id, severity, ...remark, line, column }]
      }),
    )
    .toSorted((a, b) => a.start - b.start)
}

/** Applies the fixes of findings to the text they were found in. Of two that overlap, the first is applied. */
export const applyFixes = (text: string, findings: readonly Finding[]): string => {
  const taken: Edit[] = []
  /** 1 for every character, and the place behind it, that an edit has taken. */
  const isTaken = new Uint8Array(text.length + 1)
  for (const { fix } of findings) {
    if (!fix || fix.some(({ start, end }) => isTaken.subarray(start, end + 1).includes(1))) continue
    for (const { start, end } of fix) isTaken.fill(1, start, end + 1)
    taken.push(...fix)
  }
  let at = 0
  const pieces: string[] = []
  for (const { start, end, text: replacement } of taken.toSorted((a, b) => a.start - b.start)) {
    pieces.push(text.slice(at, start), replacement)
    at = end
  }
  return pieces.join('') + text.slice(at)
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
