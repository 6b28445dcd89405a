import type { LogRecord } from '../log/names.ts'
import { usualAbsence } from '../log/usual-absences.ts'
import { SLOTS } from '../model/ipxe-binaries.ts'

/** What a boot has come to. */
const OUTCOMES = [
  'booting',
  'loaded',
  'running',
  'installed',
  'local disk',
  'refused',
  'stalled',
  'failed',
] as const

export type Outcome = (typeof OUTCOMES)[number]

export interface BootOutcome {
  readonly outcome: Outcome
  /** What went wrong, or what should have come by now. */
  readonly because?: string
}

/** What one boot did, as the log tells it. Times are of the log, in ms. */
export interface BootSteps {
  readonly boot: string | undefined
  /** What the machine does next if all is well, and since when that is awaited. */
  awaits:
    | { readonly what: string; readonly sinceMs: number; readonly patienceMs: number }
    | undefined
  readonly missing: Set<string>
  outcome: Outcome
  failure: string | undefined
}

/** How long firmware takes for what comes next, with room for slow media and memory tests. */
const PATIENCE = {
  /** EDK2 collects offers for four seconds and asks its boot server for eight at most. */
  fetchBootFile: 12_000,
  /** iPXE starts its network card, and waits up to 16 s for an IPv6 router. */
  askAsIpxe: 60_000,
  fetchScript: 30_000,
  fetchKernel: 30_000,
  fetchRest: 120_000,
  askForAnswer: 600_000,
} as const

const nameOf = (path: string): string => path.split('/').at(-1) ?? path

/** A boot program that asks DHCP again when it runs; shim, GRUB, U-Boot and a Pi's files do not. */
const isIpxe = (path: string): boolean => SLOTS.some(({ file }) => file === nameOf(path))

/** The path of a URL, or the name that it is. */
const pathOf = (file: string): string => (/^https?:/.test(file) ? new URL(file).pathname : file)

/** A boot file came whole: what the machine does next is known of iPXE alone. */
const bootFileCame = (steps: BootSteps, file: string, nowMs: number): void => {
  steps.failure = undefined
  steps.awaits = isIpxe(file)
    ? { what: 'its DHCP request as iPXE', sinceMs: nowMs, patienceMs: PATIENCE.askAsIpxe }
    : undefined
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

export const newSteps = (boot: string | undefined): BootSteps => ({
  boot,
  awaits: undefined,
  missing: new Set(),
  outcome: 'booting',
  failure: undefined,
})

/** What one event of a boot changes. */
const HEARD: Readonly<
  Record<string, (steps: BootSteps, record: LogRecord, nowMs: number) => void>
> = {
  'dhcp.reply': (steps, { file }, nowMs) => {
    const name = pathOf(textOf(file))
    if (name === '') return
    const isScript = /^\/(?:script|boot\.ipxe)$/.test(name)
    const what = isScript ? 'its script' : name
    // Asked again and again, it has been waiting since the first.
    if (steps.awaits?.what === what) return
    const patienceMs = isScript ? PATIENCE.fetchScript : PATIENCE.fetchBootFile
    steps.awaits = { what, sinceMs: nowMs, patienceMs }
  },
  'tftp.start': (steps) => {
    steps.awaits = undefined
  },
  'tftp.end': (steps, { file, outcome, error }, nowMs) => {
    const name = textOf(file)
    if (outcome === 'done') return bootFileCame(steps, name, nowMs)
    // EDK2 asks for the size and breaks off; what nobody needs is no failure.
    if (outcome === 'probe' || usualAbsence(name) !== undefined) return
    steps.failure = `${name} by TFTP: ${textOf(error) || textOf(outcome)}`
  },
  'http.script': (steps, { stage, loads, code, why, target }, nowMs) => {
    steps.missing.clear()
    steps.failure = undefined
    steps.awaits = undefined
    if (stage === 'facts' || stage === 'chain') {
      steps.awaits = { what: 'its script', sinceMs: nowMs, patienceMs: PATIENCE.fetchScript }
      return
    }
    if (code !== undefined) {
      steps.outcome = 'refused'
      steps.failure = textOf(why)
      return
    }
    steps.outcome = target === 'local' ? 'local disk' : 'booting'
    const files = listOf(loads)
    for (const file of files) steps.missing.add(file)
    const [first] = files
    if (first !== undefined)
      steps.awaits = { what: nameOf(first), sinceMs: nowMs, patienceMs: PATIENCE.fetchKernel }
  },
  'http.asset': (steps, { path, status, bytes }, nowMs) => {
    const name = textOf(path)
    if (Number(status) >= 400) {
      if (usualAbsence(name) === undefined) steps.failure = `${name} over HTTP: ${Number(status)}`
      return
    }
    if (Number(bytes) === 0) return
    // UEFI HTTP Boot: the boot file itself.
    if (name === steps.awaits?.what) return bootFileCame(steps, name, nowMs)
    if (!steps.missing.delete(name)) return
    const [next] = steps.missing
    if (next !== undefined) {
      steps.awaits = { what: nameOf(next), sinceMs: nowMs, patienceMs: PATIENCE.fetchRest }
      return
    }
    steps.awaits = undefined
    steps.failure = undefined
    steps.outcome = 'loaded'
  },
  'http.missing': (steps, { path }) => {
    const name = textOf(path)
    if (usualAbsence(name) === undefined) steps.failure = `${name} over HTTP: 404`
  },
  'http.answer': (steps, { status, why }) => {
    if (Number(status) >= 500) steps.failure = textOf(why)
    if (Number(status) >= 400) return
    steps.awaits = undefined
    steps.outcome = 'running'
  },
  'boot.report': (steps, { status, reason }) => {
    steps.awaits = undefined
    steps.outcome = status === 'done' ? 'installed' : 'failed'
    steps.failure =
      status === 'done' ? undefined : `its installer reported: ${textOf(reason) || 'failed'}`
  },
}

/** An event of the log that is of a boot. */
export const hear = (steps: BootSteps, record: LogRecord): void => {
  HEARD[record.event]?.(steps, record, Date.parse(record.time))
  if (record.event === 'http.asset' && steps.outcome === 'loaded' && steps.awaits === undefined)
    steps.awaits = {
      what: 'its installer or its system',
      sinceMs: Date.parse(record.time),
      patienceMs: PATIENCE.askForAnswer,
    }
}

const seconds = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`

/**
 * What a boot has come to by now.
 * @param wantsAnswer - its profile has answers: an installer would ask for one
 */
export const outcomeAt = (steps: BootSteps, nowMs: number, wantsAnswer: boolean): BootOutcome => {
  const { outcome, failure, awaits } = steps
  if (outcome === 'refused' || outcome === 'failed')
    return { outcome, ...(failure !== undefined && { because: failure }) }
  if (outcome === 'installed' || outcome === 'running' || outcome === 'local disk')
    return { outcome }
  if (failure !== undefined) return { outcome: 'failed', because: failure }
  const waited = awaits === undefined ? 0 : nowMs - awaits.sinceMs
  if (!awaits || waited < awaits.patienceMs) return { outcome }
  if (outcome === 'loaded')
    return wantsAnswer
      ? {
          outcome: 'stalled',
          because: `loaded ${seconds(waited)} ago, and no answer was asked for although the profile has some`,
        }
      : { outcome }
  return {
    outcome: 'stalled',
    because: `${awaits.what} is awaited for ${seconds(waited)}, and never came`,
  }
}
