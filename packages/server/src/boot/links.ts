import { scriptUrl, type ServerAddress } from '../model/server-address.ts'
import type { MachineRecord } from '../state/machine-record.ts'
import { signedQuery } from '../state/script-url.ts'
import type { Turn } from './select.ts'

/** What the URLs of one turn are made with. */
export interface LinkTools {
  readonly server: ServerAddress
  readonly keys: readonly Uint8Array[]
  /** Tells this boot from others of the same number. */
  readonly nonce: string
}

/** Facts that only DHCP brings: the signature vouches for them. */
const DHCP_FACTS = ['arch', 'relay', 'circuit-id', 'remote-id']

const vouched = ({ facts: { known }, claims }: Turn): Record<string, string> => ({
  ...Object.fromEntries(
    ['mac', ...DHCP_FACTS].flatMap((name) => {
      const value = known[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  ),
  ...claims?.facts,
})

/** What of the query goes on beside what is signed. */
interface Beside {
  /** Choices that were nobody's own. */
  readonly choose?: readonly string[]
  /** Choices of a person; they are signed. */
  readonly picked?: readonly string[]
  /** Everything that the machine said, not its labels alone. */
  readonly said?: boolean
  /** It says all that it knows. */
  readonly final?: boolean
}

const query = (
  turn: Turn,
  { choose = [], said = false, final = said && turn.facts.final }: Beside,
): Record<string, string> => ({
  ...(said ? definedOf(turn.said) : turn.labels),
  ...(choose.length > 0 && { choose: choose.join(',') }),
  ...(final && { final: '1' }),
})

const definedOf = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

/** The signed URL of the next boot of a machine. */
export const nextLink = (
  { server, keys, nonce }: LinkTools,
  turn: Turn,
  record: MachineRecord | undefined,
  beside: Beside = {},
): string => {
  const claims = {
    mark: { number: (record?.boots ?? 0) + 1, nonce },
    ...(record && { machine: record.id }),
    facts: vouched(turn),
    picked: beside.picked ?? [],
  }
  return scriptUrl(server, { ...signedQuery(keys, claims), ...query(turn, beside) })
}

/** The URL of this same turn, for more facts: with the signature that it has, or as a next boot. */
export const sameLink = (
  tools: LinkTools,
  turn: Turn,
  record: MachineRecord | undefined,
): string => {
  const { claims, chosen } = turn
  const beside = { choose: chosen, final: true }
  if (!claims) return nextLink(tools, turn, record, beside)
  return scriptUrl(tools.server, { ...signedQuery(tools.keys, claims), ...query(turn, beside) })
}
