import { requireDecision } from '../decide/check.ts'
import type { BootDecision } from '../decide/decision.ts'
import { done as ok, drop, type Result } from '../decide/drop.ts'
import { identityOf, type BootRequest } from '../decide/request.ts'
import { DhcpError } from '../errors.ts'
import { BoundedMap } from '../session/bounded-map.ts'
import type { DecisionRecord } from './channels.ts'
import type { Settings } from './options.ts'
import type { Pending } from './pending.ts'

/** Retransmissions of one request come within this time: PXE ROMs ask at 4, 8, 16 and 32 s. */
const RETRANSMISSION_MS = 64_000
const MAX_REMEMBERED = 4096

/** A decision, and who made it. */
export interface Decided {
  readonly decision: BootDecision
  readonly by: DecisionRecord['by']
}

/** What makes two packets one request sent twice. A Pi 3 always has the same xid, so that alone is not enough. */
const keyOf = (request: BootRequest): string => {
  const { xid, port, type, firmware, bootItem, interface: on } = request
  return `${identityOf(request)} ${xid} ${port} ${type} ${firmware} ${bootItem?.type ?? ''} ${on}`
}

/** Makes the signal only when it is asked for: most decisions are synchronous. */
class DecideContext {
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  abort(reason: DhcpError): void {
    this.#controller?.abort(reason)
  }
}

/** Asks `decide`; where that takes time, once for all retransmissions of a request and no longer than its deadline. */
export class Decider {
  readonly #settings: Settings
  readonly #pending: Pending
  /** By request; an entry without a decision is one under way. */
  readonly #decided = new BoundedMap<{ decision?: BootDecision }>(MAX_REMEMBERED, RETRANSMISSION_MS)

  constructor(settings: Settings, pending: Pending) {
    this.#settings = settings
    this.#pending = pending
  }

  /** Calls `done` at most once: at once where `decide` is synchronous, never after the server was closed. */
  ask(request: BootRequest, nowMs: number, done: (outcome: Result<Decided>) => void): void {
    // No string is built while there is nothing to find by it.
    const key = this.#decided.size === 0 ? undefined : keyOf(request)
    const known = key === undefined ? undefined : this.#decided.get(key, nowMs)
    if (known?.decision) {
      done(ok({ decision: known.decision, by: 'cached' }))
      return
    }
    if (known) {
      done(drop('retransmission', 'the decision is under way'))
      return
    }
    if (this.#pending.isFull) {
      done({ ok: false, drop: this.#pending.busy })
      return
    }
    const context = new DecideContext()
    let result: BootDecision | PromiseLike<BootDecision>
    try {
      result = this.#settings.decide(request, context)
      if (!isPromiseLike(result)) requireDecision(result)
    } catch (error) {
      done(failed(error))
      return
    }
    if (!isPromiseLike(result)) {
      // Asking again costs less than remembering would: what lives longer than one packet is dear to collect.
      done(ok({ decision: result, by: 'decide' }))
      return
    }
    const entry: { decision?: BootDecision } = {}
    const newKey = key ?? keyOf(request)
    this.#decided.set(newKey, entry, nowMs)
    const remember = (decision: BootDecision): void => {
      entry.decision = decision
      done(ok({ decision, by: 'decide' }))
    }
    const forget = (outcome: Result<Decided>): void => {
      this.#decided.delete(newKey)
      done(outcome)
    }
    void this.#await(result, remember, forget, (reason) => context.abort(reason))
  }

  async #await(
    result: PromiseLike<BootDecision>,
    remember: (decision: BootDecision) => void,
    forget: (outcome: Result<Decided>) => void,
    abort: (reason: DhcpError) => void,
  ): Promise<void> {
    const { decideTimeoutMs, fallback } = this.#settings
    const onClose = (): void => abort(new DhcpError('ERR_DHCP_CLOSED', 'the server was closed'))
    const finish = this.#pending.start(
      decideTimeoutMs,
      () => {
        const detail = `no decision within ${decideTimeoutMs} ms`
        abort(new DhcpError('ERR_DHCP_DECISION', detail))
        // Forgotten, so that the next retransmission asks again.
        if (fallback.action === 'boot') forget(ok({ decision: fallback, by: 'fallback' }))
        else
          forget({ ok: false, drop: { reason: 'decide-late', detail, context: fallback.context } })
      },
      onClose,
    )
    let decision: BootDecision
    try {
      decision = await result
      requireDecision(decision)
    } catch (error) {
      if (finish()) forget(failed(error))
      return
    }
    if (finish()) remember(decision)
  }
}

const isPromiseLike = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const failed = (error: unknown): Result<never> => drop('decide-failed', String(error))
