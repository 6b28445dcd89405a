import {
  describeIdentity,
  identitiesOf,
  kindOf,
  type Identity,
  type IdentityFacts,
} from './identity.ts'
import { SHARED_ID, type MachineRecord } from './machine-record.ts'

/** Who a request comes from. */
export type Who =
  | { readonly kind: 'none'; readonly fresh: readonly Identity[] }
  | { readonly kind: 'one'; readonly record: MachineRecord; readonly fresh: readonly Identity[] }
  /** It cannot be said which machine this is: nothing may be installed. */
  | {
      readonly kind: 'conflict'
      readonly records: readonly MachineRecord[]
      /** The identities that match a record which cannot be this machine, or cannot be alone. */
      readonly over: readonly Identity[]
      /** Identities that no record has. */
      readonly fresh: readonly Identity[]
      readonly why: string
    }

const ofKind = (identities: readonly Identity[], kind: string): Identity[] =>
  identities.filter((identity) => kindOf(identity) === kind)

const label = (record: MachineRecord): string =>
  ofKind(record.identities, 'name')[0]?.slice('name:'.length) ?? record.id

/** Why a record that was found is demonstrably another machine than the one that asks, or undefined. */
const cannotBe = (
  record: MachineRecord,
  asked: readonly Identity[],
  isEntry: (name: string) => boolean,
): string | undefined => {
  const shared = asked.filter((identity) => record.identities.includes(identity))
  // A card or an entry that matches is the machine's own, whatever else was changed.
  if (shared.some((identity) => ['mac', 'name'].includes(kindOf(identity)))) return undefined
  const differ = (kind: string): boolean => {
    const mine = ofKind(asked, kind)
    return (
      mine.length > 0 &&
      ofKind(record.identities, kind).length > 0 &&
      !mine.some((i) => shared.includes(i))
    )
  }
  if (ofKind(shared, 'uuid').length > 0 && differ('serial')) return 'their serial numbers differ'
  const name = ofKind(asked, 'name')[0]
  const others = ofKind(record.identities, 'name').map((identity) => identity.slice('name:'.length))
  const other = others.find(isEntry)
  if (name !== undefined && other !== undefined)
    return `the configuration has both "${other}" and "${name.slice('name:'.length)}"`
  return undefined
}

/**
 * Finds which record a request belongs to, among those that a store found by any of its identities. One record that
 * shares one identity is it: a new card, board or entry never starts a new record.
 * @param isEntry - whether the configuration in force has an entry of that name
 */
export const identify = (
  facts: IdentityFacts,
  found: readonly MachineRecord[],
  isEntry: (name: string) => boolean,
): Who => {
  const nobodys = found.find(({ id }) => id === SHARED_ID)?.identities ?? []
  const asked = identitiesOf(facts).filter((identity) => !nobodys.includes(identity))
  const records = found.filter(
    (record, i) =>
      record.id !== SHARED_ID &&
      record.identities.some((identity) => asked.includes(identity)) &&
      found.findIndex(({ id }) => id === record.id) === i,
  )
  const fresh = asked.filter((identity) => !records.some((r) => r.identities.includes(identity)))
  const [record, second] = records
  if (!record) return { kind: 'none', fresh }
  const matched = asked.filter((identity) => !fresh.includes(identity))
  if (second) {
    const names = records.map((each) => `"${label(each)}"`).join(' and ')
    const why = `${matched.map(describeIdentity).join(', ')} belong to ${names}; say which with bootwire merge or split`
    return { kind: 'conflict', records, over: matched, fresh, why }
  }
  const difference = cannotBe(record, asked, isEntry)
  if (difference === undefined) return { kind: 'one', record, fresh }
  const why = `${matched.map(describeIdentity).join(', ')} is also that of "${label(record)}", but ${difference}; say which with bootwire merge or split`
  return { kind: 'conflict', records, over: matched, fresh, why }
}
