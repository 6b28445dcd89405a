import type { Identity } from '../state/identity.ts'
import { SHARED_ID, type MachineRecord } from '../state/machine-record.ts'
import type { BootService } from './service.ts'
import type { MachineStatus } from './status.ts'

const valuesOf = (identities: readonly Identity[], kind: string): string[] =>
  identities
    .filter((each) => each.startsWith(`${kind}:`))
    .map((each) => each.slice(kind.length + 1))

/** What a person wants to know of a record at a glance. */
export const rememberedOf = ({
  id,
  identities,
  installed,
  next,
  ask,
  hold,
  contested,
}: MachineRecord): Pick<
  MachineStatus,
  'machine' | 'name' | 'installed' | 'next' | 'asked' | 'held' | 'conflict'
> => {
  const [name] = valuesOf(identities, 'name')
  const [contest] = contested ?? []
  const reason = hold?.reason === undefined ? '' : `: ${hold.reason}`
  return {
    machine: id,
    ...(name !== undefined && { name }),
    ...(installed && { installed: installed.profile ?? 'unknown' }),
    ...(next && { next: next.profile }),
    ...(ask && { asked: ask.by }),
    ...(hold && { held: `by ${hold.by}${reason}` }),
    ...(contest && { conflict: `${contest.identity} is also of ${contest.other}` }),
  }
}

const rank = ({ contested }: MachineRecord): number => (contested?.length ? 0 : 1)

const labelOf = ({ id, identities }: MachineRecord): string =>
  valuesOf(identities, 'name')[0] ?? valuesOf(identities, 'mac')[0] ?? id

/** All records, those in conflict first, then by name. */
export const machinesOf = async ({ store }: BootService): Promise<MachineRecord[]> => {
  const records: MachineRecord[] = []
  for await (const { record } of store.list()) if (record.id !== SHARED_ID) records.push(record)
  return records.toSorted((a, b) => rank(a) - rank(b) || (labelOf(a) < labelOf(b) ? -1 : 1))
}
