import { profileOf, type Configuration } from '../decide/configuration.ts'
import {
  forgotten,
  held,
  released,
  requestInstall,
  setNext,
  type Asked,
  type ByHand,
} from '../state/by-hand.ts'
import { identitiesOf, type Identity, type IdentityFacts } from '../state/identity.ts'
import { SHARED_ID, type MachineRecord } from '../state/machine-record.ts'
import {
  changeByHand,
  declareShared,
  mergeMachines,
  splitMachine,
  type ByHandAnswer,
} from '../state/run.ts'
import type { StateStore } from '../state/state-store.ts'
import { identityNamed, machineNamed } from './who.ts'

/** What a person can order for one machine. */
export const MACHINE_ACTIONS = [
  'install',
  'next',
  'forget',
  'hold',
  'release',
  'merge',
  'split',
] as const

export type MachineAction = (typeof MACHINE_ACTIONS)[number]

/** What an action needs besides the machine. */
export interface ActionDetails {
  readonly profile?: string | undefined
  readonly reason?: string | undefined
  /** The record that goes, of `merge`. */
  readonly from?: string | undefined
  /** Identities that go to a machine of their own, of `split`, with commas between them. */
  readonly identities?: string | undefined
  /** An identity that is no machine's own, of `split`. */
  readonly shared?: string | undefined
}

/** Where it is done, for whom, and how new records are called. */
export interface ByHandTools {
  readonly configuration: Configuration
  readonly store: StateStore
  readonly asked: Asked
  readonly newId: () => string
}

const no = (why: string): ByHandAnswer => ({ ok: false, why })

type Change = (record: MachineRecord) => ByHand | MachineRecord

const changeOf = (
  configuration: Configuration,
  action: MachineAction,
  { profile, reason }: ActionDetails,
  asked: Asked,
): Change | string => {
  const named = profile === undefined ? undefined : profileOf(configuration, profile)
  if (profile !== undefined && !named) return `there is no profile "${profile}"`
  switch (action) {
    case 'install':
      if (named && !named.once)
        return `profile "${named.name}" does not say \`once\`, so it installs nothing; bootwire next boots it`
      return (record) => requestInstall(record, asked, profile)
    case 'next': {
      if (!named) return 'next needs a profile'
      const [program] = Object.values(named.programs)
      if (program)
        return `profile "${named.name}" gives ${program.title} a program of its own, which fetches no script, so its boot cannot be counted`
      return (record) => setNext(record, named.name, asked)
    }
    case 'forget':
      return forgotten
    case 'hold':
      return (record) => held(record, asked, reason)
    default:
      return released
  }
}

/** The ids of the records that a person means by a text. */
const idsOf = async (
  store: StateStore,
  who: string | IdentityFacts,
): Promise<readonly string[]> => {
  const own = typeof who === 'string' ? await store.get(who) : undefined
  if (own) return [own.record.id]
  const identities: readonly Identity[] =
    typeof who === 'string' ? [`id:${who}`, `name:${who}`] : identitiesOf(who)
  const found = await store.find(identities)
  return found.map(({ record }) => record.id).filter((id) => id !== SHARED_ID)
}

const oneOf = async (
  { configuration, store }: ByHandTools,
  text: string,
): Promise<{ readonly id: string } | { readonly why: string }> => {
  const [id, ...others] = await idsOf(store, machineNamed(configuration, text))
  if (id === undefined) return { why: `no machine is known as ${text}; bootwire list shows them` }
  if (others.length > 0)
    return { why: `${text} is ${[id, ...others].join(' and ')}; name one of them` }
  return { id }
}

const merge = async (
  tools: ByHandTools,
  machine: string,
  from: string | undefined,
): Promise<ByHandAnswer> => {
  if (from === undefined) return no('merge needs two machines')
  const [one, other] = [await oneOf(tools, machine), await oneOf(tools, from)]
  if ('why' in one) return no(one.why)
  if ('why' in other) return no(other.why)
  return mergeMachines(tools.store, one.id, other.id)
}

const split = async (
  tools: ByHandTools,
  machine: string,
  { identities, shared }: ActionDetails,
): Promise<ByHandAnswer> => {
  const one = await oneOf(tools, machine)
  if ('why' in one) return no(one.why)
  const texts = (shared ?? identities ?? '').split(',').filter((text) => text !== '')
  const wanted: Identity[] = []
  for (const text of texts) {
    const named = identityNamed(text)
    const [identity] = named ? identitiesOf(named) : []
    if (identity === undefined)
      return no(`${text} is no identity; write mac:52:54:00:12:34:56, uuid:…, serial:… or name:…`)
    wanted.push(identity)
  }
  const [first] = wanted
  if (first === undefined) return no('split needs identities, or one that is shared')
  return shared === undefined
    ? splitMachine(tools.store, one.id, wanted, tools.newId)
    : declareShared(tools.store, one.id, first)
}

/** Does what a person orders for a machine, which may be one that never came. */
export const orderByHand = async (
  tools: ByHandTools,
  machine: string,
  action: MachineAction,
  details: ActionDetails,
): Promise<ByHandAnswer> => {
  const { configuration, store, asked, newId } = tools
  if (action === 'merge') return merge(tools, machine, details.from)
  if (action === 'split') return split(tools, machine, details)
  const change = changeOf(configuration, action, details, asked)
  if (typeof change === 'string') return no(change)
  const answer = await changeByHand(store, machineNamed(configuration, machine), newId, change)
  if (answer.ok || answer.why !== 'no machine is known by that') return answer
  return no(`no machine is known as ${machine}; bootwire list shows those that are`)
}
