/** What the processors did until a moment. */
interface Busy {
  readonly all: number
  readonly ours: number
  readonly atMs: number
}
export const BUDGET: Readonly<Record<string, number>>
export const CI_BUDGET: Readonly<Record<string, number>>
export const ENFORCED: boolean
export const PROVE_SECONDS: number
export const watchOthers: (read?: () => Busy) => () => number | undefined
export const overBudget: (
  seconds: Readonly<Record<string, number>>,
  budget: Readonly<Record<string, number>>,
) => readonly string[]
