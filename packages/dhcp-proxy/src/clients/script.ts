import type {
  ClientAction,
  ClientModel,
  Datagram,
  GaveUpCode,
  Outcome,
  Verdict,
  Wait,
} from './types.ts'

/**
 * A model is written as firmware is: top to bottom, waiting where it waits. The generator yields what it wants
 * and is resumed with what happened, so the script itself touches no clock, timer or socket.
 */
export type Script<T = Outcome> = Generator<Step, T, Datagram | undefined>

type Step =
  | { readonly send: Datagram }
  | { readonly verdict: Verdict }
  | { readonly untilMs: number }

/** What a script knows of time, and where it notes its waits. */
export interface Journal {
  /** Since the model was started. */
  readonly nowMs: number
  readonly waits: Wait[]
}

export function* send(datagram: Datagram): Script<void> {
  yield { send: datagram }
}

export function* judge(
  datagram: Datagram,
  accepted: boolean,
  role: string,
  why: string,
): Script<void> {
  yield { verdict: { datagram, accepted, role, why } }
}

// The next datagram, or undefined when the time is up.
export function* nextDatagram(untilMs: number): Script<Datagram | undefined> {
  return yield { untilMs }
}

// Waits out the time; whatever arrives meanwhile is lost, as it is on a client that does not listen.
export function* pause(journal: Journal, ms: number, what: string): Script<void> {
  const startMs = journal.nowMs
  while (yield* nextDatagram(startMs + ms));
  noteWait(journal, what, startMs)
}

/** Notes how long the script has waited for `what`. */
export const noteWait = (journal: Journal, what: string, sinceMs: number): void => {
  if (journal.nowMs > sinceMs) journal.waits.push({ what, ms: journal.nowMs - sinceMs })
}

export const gaveUp = (journal: Journal, code: GaveUpCode, because: string): Outcome => ({
  type: 'gave-up',
  code,
  because,
  atMs: journal.nowMs,
  waits: journal.waits,
})

export const download = (
  journal: Journal,
  protocol: 'tftp' | 'http',
  server: string,
  file: string,
): Outcome => ({
  type: 'download',
  protocol,
  server,
  file,
  atMs: journal.nowMs,
  waits: journal.waits,
})

/** Makes a model of a script. */
export const modelOf = (name: string, write: (journal: Journal) => Script): ClientModel => {
  const journal: { nowMs: number; waits: Wait[] } = { nowMs: 0, waits: [] }
  const script = write(journal)
  let startedMs: number | undefined
  let dueMs = Number.POSITIVE_INFINITY

  /** Runs the script up to its next wait, or its end. */
  const advance = (happened: Datagram | undefined): ClientAction[] => {
    const actions: ClientAction[] = []
    let step = script.next(happened)
    while (!step.done && !('untilMs' in step.value)) {
      const { value } = step
      actions.push(
        'send' in value
          ? { type: 'send', datagram: value.send }
          : { type: 'verdict', verdict: value.verdict },
      )
      step = script.next()
    }
    if (step.done) {
      dueMs = Number.NaN
      return [...actions, { type: 'outcome', outcome: step.value }]
    }
    dueMs = 'untilMs' in step.value ? step.value.untilMs : dueMs
    return [...actions, { type: 'timer', atMs: dueMs + startedMs! }]
  }

  return {
    name,
    handle(event, nowMs) {
      if (Number.isNaN(dueMs)) return []
      if (startedMs === undefined) {
        if (event.type !== 'start') return []
        startedMs = nowMs
        return advance(undefined)
      }
      journal.nowMs = nowMs - startedMs
      if (event.type === 'packet') return advance(event.datagram)
      return event.type === 'timer' && journal.nowMs >= dueMs ? advance(undefined) : []
    },
  }
}
