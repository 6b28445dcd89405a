import type { Status } from '../../boot/status.ts'
import type { Plan } from '../../model/plan.ts'

/** What is looked at. */
export interface Site {
  readonly plan: Plan
  /** Machines that the configuration knows. */
  readonly machines: number
  /** Interfaces that are to be served, as far as they have an address. */
  readonly networks: readonly Network[]
  /** Why the daemon would not know which one to serve. */
  readonly unclear: string | undefined
  /** What the running daemon says of itself; absent where none answers. */
  readonly status: Status | undefined
}

export interface Network {
  readonly interface: string
  readonly address: string
}
