/** What the daemon remembers of one machine from boot to boot. */
export interface MachineState {
  /** Scripts fetched so far; makes each boot's token different. */
  readonly boots: number
  /** The profile whose installation is done. */
  readonly installed?: { readonly profile: string; readonly at: string }
  /** Profile for the next boot only. */
  readonly next?: string
  /** The report that is awaited: hash of its token, profile, and when it expires. */
  readonly pending?: { readonly token: string; readonly profile: string; readonly expires: string }
  /** What the last script was made from, for the answers that its installer asks for. */
  readonly last?: { readonly profile: string; readonly facts: Readonly<Record<string, string>> }
}

export const NEW_MACHINE: MachineState = { boots: 0 }

/** A report must come within this time of the script: long enough for a slow installation. */
const REPORT_WITHIN_MS: number = 24 * 3_600_000

/** What happened to a machine; the only things that change its state. */
export type StateEvent =
  | {
      readonly type: 'script'
      readonly profile: string
      readonly facts: Readonly<Record<string, string>>
      readonly usedNext: boolean
      /** The profile is to be booted once: what marks it as done, and the hash of the token it was given. */
      readonly once?: { readonly done: 'report' | 'script'; readonly token: string }
    }
  | {
      readonly type: 'report'
      readonly status: 'done' | 'failed'
      /** Hash of its token: a script that was fetched meanwhile awaits another. */
      readonly token?: string
    }
  | { readonly type: 'next'; readonly profile: string }
  | { readonly type: 'forget' }

/** The state after an event. Pure: the time is handed in. */
export const transition = (state: MachineState, event: StateEvent, nowMs: number): MachineState => {
  switch (event.type) {
    case 'script': {
      const { next, pending: _pending, ...kept } = state
      const boots = state.boots + 1
      const last = { profile: event.profile, facts: event.facts }
      const keepNext = next !== undefined && !event.usedNext ? { next } : {}
      if (!event.once) return { ...kept, ...keepNext, boots, last }
      if (event.once.done === 'script') {
        const installed = { profile: event.profile, at: new Date(nowMs).toISOString() }
        return { ...kept, ...keepNext, boots, last, installed }
      }
      const expires = new Date(nowMs + REPORT_WITHIN_MS).toISOString()
      return {
        ...kept,
        ...keepNext,
        boots,
        last,
        pending: { token: event.once.token, profile: event.profile, expires },
      }
    }
    case 'report': {
      const { pending, ...kept } = state
      if (event.token !== undefined && event.token !== pending?.token) return state
      if (!pending || event.status === 'failed') return kept
      return { ...kept, installed: { profile: pending.profile, at: new Date(nowMs).toISOString() } }
    }
    case 'next':
      return { ...state, next: event.profile }
    default:
      // The count stays: a token of an earlier boot must not become valid again.
      return { boots: state.boots }
  }
}
