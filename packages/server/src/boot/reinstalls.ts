import { setImmediate } from 'node:timers/promises'

import type { Configuration } from '../decide/configuration.ts'
import { wouldReinstall } from '../state/boot-plan.ts'
import { SHARED_ID, type MachineRecord } from '../state/machine-record.ts'
import type { StateStore } from '../state/state-store.ts'
import { rememberedOf } from './machines.ts'
import { choiceOf, select } from './select.ts'

/** What a configuration changes for a machine that is installed. */
export interface InstalledChange {
  /** Its name, or the id of its record. */
  readonly machine: string
  readonly was: string
  readonly becomes: string
  /** Its `once: { id }` was changed by hand: it would be installed again. */
  readonly reinstalls: boolean
}

/** Facts of a machine as it was last seen. */
const factsOf = ({ identities, last }: MachineRecord): Record<string, string> => {
  const known: Record<string, string> = {}
  for (const identity of identities.toReversed()) {
    const [kind = '', ...value] = identity.split(':')
    if (['mac', 'uuid', 'serial'].includes(kind)) known[kind] = value.join(':')
  }
  return { ...known, ...last?.facts }
}

const label = (profile: string, id: string | undefined): string =>
  id === undefined ? `"${profile}"` : `"${profile}" with id "${id}"`

/** What this configuration gives an installed machine in place of what it is installed with; undefined: the same. */
export const changeFor = (
  configuration: Configuration,
  record: MachineRecord,
): InstalledChange | undefined => {
  const known = record.assigned ?? record.installed
  if (!known || record.id === SHARED_ID) return undefined
  const { name: _name, tag: _tag, ...facts } = factsOf(record)
  const turn = { facts: { known: facts, final: true }, cards: [], labels: {}, said: {}, chosen: [] }
  const selected = select(configuration, turn)
  const { machine = record.id, name = machine } = rememberedOf(record)
  const was = label(known.profile ?? 'unknown', known.onceId)
  if (selected.kind !== 'profile')
    return { machine: name, was, becomes: 'nothing matches it', reinstalls: false }
  const choice = choiceOf(selected)
  const becomes = label(choice.profile, choice.once?.id)
  if (choice.profile === known.profile && choice.once?.id === known.onceId) return undefined
  return { machine: name, was, becomes, reinstalls: wouldReinstall(record, choice) }
}

const MAX_NAMED = 20
/** Records that are looked at before boots have their turn. */
const SLICE = 100

/** Why a configuration may not come into force: it would install more machines again than it allows. */
export const tooManyReinstalls = async (
  configuration: Configuration,
  store: StateStore,
): Promise<string | undefined> => {
  const names: string[] = []
  let looked = 0
  for await (const { record } of store.list()) {
    if (++looked % SLICE === 0) await setImmediate()
    const change = record.installed ? changeFor(configuration, record) : undefined
    if (change?.reinstalls) names.push(change.machine)
  }
  const { allowReinstall } = configuration.server
  if (names.length <= allowReinstall) return undefined
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ''
  return `changed \`once: { id }\` would install ${names.length} installed machines again (${names.slice(0, MAX_NAMED).join(', ')}${more}), and server.allowReinstall allows ${allowReinstall}; write allowReinstall: ${names.length}, or put the ids back`
}
