/** One measured figure, beside a named peer where there is one. The runner works out ratio and verdict. */
export interface Measurement {
  readonly what: string
  readonly unit: string
  readonly ours: number
  /** The worst of the rounds whose median is `ours`. */
  readonly worst?: number
  /** Whether other programs used the machine meanwhile: then the figure neither meets nor misses its bar. */
  readonly disturbed?: boolean
  readonly peer?: { readonly name: string; readonly value: number }
  /** What must hold of our figure, or of `ours / peer`; absent for a figure that has no bar. */
  readonly bar?: {
    readonly of: 'ours' | 'ratio'
    readonly is: 'at least' | 'at most'
    readonly limit: number
  }
}

/** What `packages/NAME/bench/index.ts` exports as `bench`, and `packages/NAME/prove/index.ts` as `prove`. */
export type Measure = (context: {
  /** Reports progress, on stderr. */
  readonly say: (line: string) => void
  /** Words after the package name: run only the parts whose name contains one of them. */
  readonly only: readonly string[]
  /** `--corpus`: a folder of files that other people wrote, for the parts that take one. */
  readonly corpus?: string
}) => Promise<readonly Measurement[]>

/** Undefined without a peer, and where the peer's figure is 0: nothing can be a multiple of that. */
const ratioOf = ({ ours, peer }: Measurement): number | undefined =>
  peer && peer.value !== 0 ? ours / peer.value : undefined

/** True or false where the measurement has a bar and was not disturbed; a figure that is not a number meets none. */
export const isMet = (measurement: Measurement): boolean | undefined => {
  const { bar, ours, disturbed } = measurement
  if (!bar || disturbed) return undefined
  const value = bar.of === 'ours' ? ours : ratioOf(measurement)
  if (value === undefined || Number.isNaN(value)) return false
  return bar.is === 'at least' ? value >= bar.limit : value <= bar.limit
}

const figure = (value: number | undefined): string =>
  value === undefined
    ? ''
    : new Intl.NumberFormat('en', { maximumSignificantDigits: 4 }).format(value)

const verdictOf = (m: Measurement): string => {
  if (m.disturbed) return 'disturbed'
  const met = isMet(m)
  return met === undefined ? '' : met ? 'met' : 'NOT MET'
}

const rowOf = (m: Measurement): string[] => {
  return [
    m.what,
    `${figure(m.ours)} ${m.unit}`,
    figure(m.worst),
    m.peer ? `${figure(m.peer.value)} (${m.peer.name})` : '',
    figure(ratioOf(m)),
    m.bar ? `${m.bar.of} ${m.bar.is} ${figure(m.bar.limit)}` : '',
    verdictOf(m),
  ]
}

/** A plain-text table: what, ours, worst, peer, ratio, bar, met or not. */
export const tableOf = (measurements: readonly Measurement[]): string => {
  const rows = [['what', 'ours', 'worst', 'peer', 'ratio', 'bar', ''], ...measurements.map(rowOf)]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The same measurements with ratio and verdict, for `--json FILE`. */
export const jsonOf = (measurements: readonly Measurement[]): string =>
  JSON.stringify(
    measurements.map((m) => ({ ...m, ratio: ratioOf(m), met: isMet(m) })),
    null,
    2,
  )
