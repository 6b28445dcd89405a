import { describeOutcome, type Outcome } from '@bootwire/ipxe-script'

import { kernelFault, programFault, sizeFault, type Seen } from '../../programs/faults.ts'
import { readPe } from '../../programs/pe-image.ts'
import { cpuNamed } from './firmware.ts'

/** What the daemon decided for a machine, as `explain` says it. */
export interface Decided {
  readonly profile?: string
  /** Kind of what that boots. */
  readonly target?: string
  /** What the console says in place of a boot. */
  readonly trouble?: string
}

/** Why what was decided was not booted. */
export interface Failure {
  readonly stage: 'dhcp' | 'tftp' | 'http' | 'script'
  readonly reason: string
  /** The CPU that the kernel is for, where the machine has another. */
  readonly cpu?: string
}

/** What a script came to. */
export interface ScriptEnd {
  readonly outcome: Outcome
  /** Files that it named and that are not there. */
  readonly missing: readonly string[]
  /** Those that it loaded, in their order. */
  readonly loaded: readonly Seen[]
}

type Ends = readonly Outcome['kind'][]

/** How a script may end, by the kind of what was decided; any other kind is a script that somebody else wrote. */
const ENDS: Readonly<Record<string, Ends>> = {
  linux: ['boots'],
  local: ['boots disk', 'falls through'],
  menu: ['waits', 'boots', 'boots disk', 'falls through'],
}
const ANY_END: Ends = ['boots', 'boots disk', 'falls through']

const faultOf = (
  { outcome, loaded }: ScriptEnd,
  target: string | undefined,
  cpu: string,
): Failure | undefined => {
  const [first] = loaded
  const kernel =
    outcome.kind === 'boots' ? loaded.find(({ path }) => path === outcome.kernel.uri) : undefined
  const named = kernel ?? (target === 'linux' ? first : undefined)
  for (const each of loaded) {
    const fault = each === named ? kernelFault(each) : (sizeFault(each, 1) ?? programFault(each))
    if (fault) return { stage: 'http', reason: fault.seen }
  }
  const machine = named && readPe(named.head)?.machine
  const wanted = machine === undefined ? undefined : cpuNamed(machine)
  if (wanted === undefined || wanted === cpu || !named) return undefined
  // A kernel of 32 bits boots on 64; iPXE for BIOS never looks at this header.
  if (wanted === 'ia32' && cpu === 'bios') return undefined
  if (wanted === 'x64' && cpu === 'bios') return undefined
  return { stage: 'script', reason: `${named.path} is a kernel for ${wanted}`, cpu: wanted }
}

/** Why a machine did not boot what was decided; undefined where it did. */
export const judge = (
  { profile = 'nothing', target, trouble }: Decided,
  end: ScriptEnd,
  cpu: string,
): Failure | undefined => {
  if (trouble !== undefined) return { stage: 'script', reason: trouble }
  const [first, ...more] = end.missing
  if (first !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length} more`
    return { stage: 'http', reason: `what it was to boot is not there: ${first}${others}` }
  }
  const fault = faultOf(end, target, cpu)
  if (fault) return fault
  const { outcome } = end
  const ends = ENDS[target ?? ''] ?? ANY_END
  const lacks = outcome.kind === 'boots' && outcome.missing.length > 0
  if (ends.includes(outcome.kind) && !lacks) return undefined
  const reason = `"${profile}" was decided, and it ${describeOutcome(outcome)}`
  return { stage: 'script', reason }
}
