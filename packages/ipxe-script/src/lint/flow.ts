import type { AnyProfile, CommandSpec } from '../table/index.ts'
import { type GivenCommand, isDynamic, type Model, type ModelLine, optionOf } from './model.ts'
import type { Target, Targets } from './targets.ts'

/** Whether an image is selected for boot; both bits: on some paths. */
export const UNSELECTED = 1
const SELECTED = 2

/** What can be true after a command: how the paths that succeeded and those that failed stand. */
interface Paths {
  /** Bits of the paths on which the status is 0; 0: there is none. */
  ok: number
  /** The same for a status that is not. */
  fail: number
  /** Commands whose status that may be. */
  failed: GivenCommand[]
}

/** Where a line can lead. */
interface LineFlow {
  /** Bits with which the next line is reached; 0: never. */
  readonly next: number
  readonly jumps: readonly { readonly to: string; readonly bits: number }[]
  /** Jumps to a label only known when the script runs. */
  readonly dynamic: readonly { readonly command: GivenCommand; readonly bits: number }[]
  /** The script can end here, other than by failing. */
  readonly ends: boolean
  /** Commands whose failure ends the script here. */
  readonly failures: readonly GivenCommand[]
  /** It can wait or do something that takes time. */
  readonly waits: boolean
}

export interface Flow {
  /** Bits with which a line is reached; 0: never. */
  readonly reached: readonly number[]
  readonly lines: readonly (LineFlow | undefined)[]
  /** Bits with which each command is reached. */
  readonly before: ReadonlyMap<GivenCommand, number>
}

const SELECTS = new Set(['kernel', 'imgselect', 'imgload'])
const INSTANT = new Set(
  'echo exit isset iseq goto set clear inc show item menu form params param imgfree imgstat cpuid colour cpair'.split(
    ' ',
  ),
)

/** Bits after a command that succeeded. */
const selectionAfter = (command: GivenCommand, bits: number): number => {
  const name = command.spec?.canonical ?? ''
  if (SELECTS.has(name)) return SELECTED
  if (name === 'imgfree') return command.args.length === 0 ? UNSELECTED : bits | UNSELECTED
  // What a chained script or a sub-shell left selected is not known.
  return name === 'chain' || name === 'shell' ? UNSELECTED | SELECTED : bits
}

/** Settings that iPXE keeps as addresses or numbers: storing other text in them fails. */
const TYPED = new Set(
  'ip netmask gateway dns next-server mac keep-san skip-san-boot san-drive mtu priority'.split(' '),
)

const storesText = (name: string): boolean =>
  !isDynamic(name) && !/[:/]/.test(name) && !TYPED.has(name) && !/^\d/.test(name)

/** Whether every build that the script is for has the command; without any named, every stock build. */
const isEverywhere = ({ name, on }: CommandSpec, builds: readonly AnyProfile[]): boolean =>
  builds.length === 0
    ? 'DBES'.split('').every((letter) => on.includes(letter))
    : builds.every(({ features }) => features.has(name))

const cannotFail = (
  { spec, args, options }: GivenCommand,
  builds: readonly AnyProfile[],
): boolean => {
  if (!spec || !isEverywhere(spec, builds)) return false
  if (options.some(({ option }) => option === undefined)) return false
  if (spec.name === 'set') return args[0] !== undefined && storesText(args[0].text)
  return spec.fails === 'never' || (spec.fails === 'with arguments' && args.length === 0)
}

const LEAVES = new Set(['exit', 'reboot', 'poweroff'])

/** Walks one line, reached with `bits`. */
const walk = (
  { segments }: ModelLine,
  bits: number,
  labels: ReadonlyMap<string, number>,
  before: Map<GivenCommand, number>,
  builds: readonly AnyProfile[],
): LineFlow => {
  let paths: Paths = { ok: bits, fail: 0, failed: [] }
  const jumps: { to: string; bits: number }[] = []
  const dynamic: { command: GivenCommand; bits: number }[] = []
  let ends = false
  let waits = false
  let operator: string | undefined
  for (const command of segments) {
    const runs =
      operator === '||' ? paths.fail : operator === '&&' ? paths.ok : paths.ok | paths.fail
    const kept: Paths = {
      ok: operator === '||' ? paths.ok : 0,
      fail: operator === '&&' ? paths.fail : 0,
      failed: operator === '&&' ? paths.failed : [],
    }
    operator = command?.after ?? '||'
    if (runs === 0) {
      paths = kept
      continue
    }
    if (!command) {
      paths = { ...kept, ok: kept.ok | runs }
      continue
    }
    before.set(command, (before.get(command) ?? 0) | runs)
    const name = command.spec?.canonical ?? command.name.text
    if (!INSTANT.has(name)) waits = true
    const target = name === 'goto' ? command.args[0]?.text : undefined
    if (target !== undefined && !isDynamic(target) && labels.has(target)) {
      jumps.push({ to: target, bits: runs })
      paths = kept
      continue
    }
    if (name === 'exit') {
      ends = true
      paths = kept
      continue
    }
    if (target !== undefined && isDynamic(target)) dynamic.push({ command, bits: runs })
    const leaves =
      target !== undefined ||
      LEAVES.has(name) ||
      (name === 'chain' && optionOf(command, 'replace') !== undefined)
    if (leaves && target === undefined) ends = true
    const failed = cannotFail(command, builds) ? 0 : runs
    if (failed !== 0) kept.failed.push(command)
    paths = {
      ok: kept.ok | (leaves ? 0 : selectionAfter(command, runs)),
      fail: kept.fail | failed,
      failed: kept.failed,
    }
  }
  return {
    next: paths.ok,
    jumps,
    dynamic,
    ends,
    failures: paths.fail === 0 ? [] : paths.failed,
    waits,
  }
}

/** Follows the script from its first line; a line is walked again whenever it is reached with something new. */
export const createFlow = (
  model: Model,
  targets: Targets,
  builds: readonly AnyProfile[] = [],
): Flow => {
  const { lines, labels } = model
  const reached = lines.map(() => 0)
  const flows: (LineFlow | undefined)[] = lines.map(() => undefined)
  const before = new Map<GivenCommand, number>()
  const work: number[] = []
  const reach = (row: number, bits: number): void => {
    if (row >= lines.length || bits === 0 || (reached[row]! | bits) === reached[row]) return
    reached[row]! |= bits
    work.push(row)
  }
  /** Bits with which the labels of a jump were reached, by their list: many jumps share one. */
  const spread = new Map<Target['labels'], number>()
  reach(0, UNSELECTED)
  for (let row = work.pop(); row !== undefined; row = work.pop()) {
    const flow = walk(lines[row]!, reached[row]!, labels, before, builds)
    flows[row] = flow
    reach(row + 1, flow.next)
    for (const { to, bits } of flow.jumps) reach(labels.get(to)!, bits)
    for (const { command, bits } of flow.dynamic) {
      const { labels: to } = targets.of(command)
      const known = spread.get(to) ?? 0
      // Every label once for each new bit, or many such jumps among many labels would take for ever.
      if ((known | bits) === known) continue
      spread.set(to, known | bits)
      for (const label of to === 'any' ? labels.keys() : to) reach(labels.get(label)!, bits)
    }
  }
  return { reached, lines: flows, before }
}

/** Rows from which neither the end of the script nor anything that takes time can be reached. */
export const endlessRows = (model: Model, flow: Flow): readonly number[] => {
  const { lines } = model
  const sources: number[][] = lines.map(() => [])
  const goal: number[] = []
  for (const [row, line] of flow.lines.entries()) {
    if (!line) continue
    const isExit = line.ends || line.failures.length > 0 || line.waits || line.dynamic.length > 0
    const last = row === lines.length - 1 && line.next > 0
    if (isExit || last) goal.push(row)
    if (line.next > 0 && row + 1 < lines.length) sources[row + 1]!.push(row)
    for (const { to } of line.jumps) sources[model.labels.get(to)!]!.push(row)
  }
  const seen = new Set(goal)
  for (let row = goal.pop(); row !== undefined; row = goal.pop())
    for (const source of sources[row]!) {
      if (seen.has(source)) continue
      seen.add(source)
      goal.push(source)
    }
  return flow.lines.flatMap((line, row) => (line && !seen.has(row) ? [row] : []))
}
