import type { Choice } from '../../src/state/boot-plan.ts'
import type { Identity } from '../../src/state/identity.ts'
import type { MachineRecord } from '../../src/state/machine-record.ts'
import type { ScriptRequest } from '../../src/state/steps.ts'

export const ONCE = { done: 'report', retries: 0 } as const
export const INSTALL: Choice = { profile: 'inst', once: ONCE, by: 'file' }

export const record = (
  id: string,
  identities: readonly Identity[],
  more: Partial<MachineRecord> = {},
): MachineRecord => ({ id, identities, boots: 0, installations: 0, ...more })

let ids = 0
export const newId = (): string => `m${(++ids).toString(36).padStart(6, '0')}`

/** A boot of a machine by one card, as its signed URL has it. */
export const boot = (number: number, more: Partial<ScriptRequest> = {}): ScriptRequest => ({
  facts: { macs: ['52:54:00:00:00:01'] },
  mark: { number, nonce: 'n' },
  choose: () => INSTALL,
  find: (name) => (name === 'inst' ? { once: ONCE } : undefined),
  isEntry: () => false,
  remember: false,
  noted: { timeMs: 1 },
  newId,
  ...more,
})
