import type { EventLog } from '../log/event-log.ts'
import { identitiesOf } from '../state/identity.ts'
import { countScript } from '../state/run.ts'
import { StateError } from '../state/state-error.ts'
import type { StateStore } from '../state/state-store.ts'
import { scriptStep, type ScriptAnswer } from '../state/steps.ts'
import { reportToken } from '../state/tokens.ts'
import type { Countable, Decisions, ReportTokenOf } from './decisions.ts'
import { answerDecision, chainDecision, troubleDecision, type ScriptDecision } from './script.ts'
import type { Turn } from './select.ts'

/** Tokens as installers get them. */
export const tokensBy =
  (keys: readonly Uint8Array[]): ReportTokenOf =>
  ({ id, last }, installation, mac) =>
    reportToken(keys, {
      machine: id,
      installation,
      boot: last?.boot ?? 0,
      ...(mac !== undefined && { mac }),
    })

/** Whether what was worked out before the write is what the write came to. */
const isSame = (a: ScriptAnswer, b: ScriptAnswer): boolean => {
  if (a.kind !== 'boot' || b.kind !== 'boot') return false
  const {
    plan: x,
    plan: { kind },
  } = a
  const { plan: y } = b
  return (
    kind === y.kind &&
    JSON.stringify(x) === JSON.stringify(y) &&
    a.record?.id === b.record?.id &&
    a.record?.boots === b.record?.boots
  )
}

const ON_SCREEN = 'the server cannot reach or write its state; its log says why'

/** What is needed of the daemon to count a script. */
export interface CounterTools {
  readonly decisions: Decisions
  readonly store: StateStore
  readonly log: EventLog
}

/**
 * Answers a turn that the life cycle has a say in. The script is made before anything is written, so that one that cannot
 * be made uses nothing up; it is sent once the write is durable. Without a signature of ours nothing is written: where
 * something would have to be, iPXE is sent to a URL that has one.
 */
export const countedScript = async (
  { decisions, store, log }: CounterTools,
  turn: Turn,
  { selected, request }: Countable,
): Promise<ScriptDecision> => {
  const context = decisions.contextOf(turn, tokensBy(decisions.memory.keys()))
  const { answer: dry, writes } = scriptStep(request, store.peek(identitiesOf(request.facts)))
  const expected = await answerDecision(context, turn, selected, dry)
  const isUndone = expected.stage === 'facts' || expected.trouble?.code === 'BW-TEMPLATE'
  if (isUndone) return expected
  if (!turn.claims) {
    if (writes.length === 0) return expected
    const record = dry.kind === 'conflict' ? undefined : writes[0]?.before?.record
    return chainDecision(context, turn, selected, record)
  }
  try {
    const answer = await countScript(store, request)
    return isSame(dry, answer) ? expected : await answerDecision(context, turn, selected, answer)
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    const mac = request.facts.macs[0]
    log.emit('warning', { mac, code: error.reason, why: error.message })
    // What installs nothing and uses nothing up does no harm when it is not remembered.
    const isHarmless =
      dry.kind === 'boot' &&
      (dry.plan.kind === 'disk' || (dry.plan.kind === 'profile' && !dry.plan.usesNext))
    if (isHarmless) return expected
    return troubleDecision(context, turn, selected, { code: 'BW-STATE', why: ON_SCREEN })
  }
}
