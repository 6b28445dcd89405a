import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import { STOCK_HELPER } from '../test/stock-helper.ts'
import { inputLines, type Setting } from './setting.ts'

interface Timing {
  readonly linesPerSecond: number
  readonly cpuMicros: number
}

interface Times {
  readonly wall: number
  readonly cpu: number
}

const LINES = 10_000

/** Seconds of a helper that reads a file and writes another. */
const run = (command: readonly string[], input: string, folder: string): Times => {
  const script = `TIMEFORMAT='%R %U %S'; time "$@" < '${input}' > '${folder}/out' 2> '${folder}/err'`
  const text = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, 'bash', ...command], {
    encoding: 'utf8',
  })
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = text
    .trim()
    .split(' ')
    .map(Number)
  return { wall, cpu: user + system }
}

/** Best of three, without the time to start: that is paid once in a helper's life. */
const time = (command: readonly string[], input: string, lines: number, folder: string): Timing => {
  const empty = join(folder, 'empty')
  writeFileSync(empty, '')
  const best = (file: string): Times => {
    const runs = [1, 2, 3].map(() => run(command, file, folder))
    return {
      wall: Math.min(...runs.map(({ wall }) => wall)),
      cpu: Math.min(...runs.map(({ cpu }) => cpu)),
    }
  }
  const start = best(empty)
  const all = best(input)
  const answers = readFileSync(join(folder, 'out'), 'latin1').split('\n').length - 1
  if (answers !== lines)
    throw new Error(`${command.join(' ')} gave ${answers} answers to ${lines} lines`)
  return {
    linesPerSecond: lines / (all.wall - start.wall),
    cpuMicros: ((all.cpu - start.cpu) / lines) * 1e6,
  }
}

const bar = (
  of: 'ours' | 'ratio',
  is: 'at least' | 'at most',
  limit: number,
): NonNullable<Measurement['bar']> => ({ of, is, limit })

/** Lines a second and CPU for each line, with 3,000 mirror prefixes. */
export const batch = (setting: Setting, say: (line: string) => void): Measurement[] => {
  const { folder, ours, generatedDb, perMirrorDb } = setting
  const once = inputLines(LINES)
  const input = (name: string, times: number): string => {
    const file = join(folder, name)
    writeFileSync(file, once.repeat(times), 'latin1')
    return file
  }
  // The same lines for all three; more often for who is faster, so that each runs for seconds.
  const counts = { ours: 100, generated: 2, perMirror: 1 }
  say('batch: ours')
  const mine = time(ours, input('ours', counts.ours), LINES * counts.ours, folder)
  say('batch: stock helper, generated storeid.db')
  const stock = time(
    [STOCK_HELPER, generatedDb],
    input('generated', counts.generated),
    LINES * counts.generated,
    folder,
  )
  say('batch: stock helper, one rule per mirror')
  const people = time(
    [STOCK_HELPER, perMirrorDb],
    input('per', counts.perMirror),
    LINES * counts.perMirror,
    folder,
  )
  const unit = 'lines/s'
  return [
    {
      what: 'batch, 3,000 prefixes',
      unit,
      ours: mine.linesPerSecond,
      bar: bar('ours', 'at least', 500_000),
    },
    { what: 'CPU for a line', unit: 'us', ours: mine.cpuMicros, bar: bar('ours', 'at most', 2) },
    {
      what: 'beside stock, generated file (alternation)',
      unit,
      ours: mine.linesPerSecond,
      peer: { name: 'storeid_file_rewrite', value: stock.linesPerSecond },
      bar: bar('ratio', 'at least', 1),
    },
    {
      what: 'beside stock, one rule per mirror',
      unit,
      ours: mine.linesPerSecond,
      peer: { name: 'storeid_file_rewrite', value: people.linesPerSecond },
      bar: bar('ratio', 'at least', 100),
    },
  ]
}
