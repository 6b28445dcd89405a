import type { BootMark } from './life-cycle.ts'
import { isSignedBy, signatureOf } from './tokens.ts'

/** What a signed script URL says of the boot that it was made for. */
export interface ScriptClaims {
  readonly mark: BootMark
  /** The machine's record; absent: it had none when the URL was made. */
  readonly machine?: string
  /** Facts that DHCP brought, by their names: `mac`, `uuid`, `arch`, `relay`, `circuit-id`, `remote-id`. */
  readonly facts: Readonly<Record<string, string>>
  /** The profile that a person picked in a menu, outermost menu first. */
  readonly picked: readonly string[]
}

/**
 * Facts that travel in the URL, so that a restart or another replica decides as the one that answered DHCP; each by its
 * name in the URL. iPXE says its own `uuid` beside the one that DHCP said.
 */
const SIGNED_FACTS = {
  mac: 'mac',
  uuid: 'dhcp-uuid',
  arch: 'arch',
  relay: 'relay',
  'circuit-id': 'circuit-id',
  'remote-id': 'remote-id',
} as const

const SIGNATURE = 'sig'
/** In this order, whatever order the URL has; a name that is absent is signed as absent. */
const SIGNED_NAMES = ['machine', 'boot', 'picked', ...Object.values(SIGNED_FACTS)] as const

/** Names of the query that are ours: nobody else's value of them is handed on. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([...SIGNED_NAMES, SIGNATURE])
const SCRIPT = 'bootwire script 1'

/** JSON has one form for a list of texts, whatever they hold. */
const textOf = (query: Readonly<Record<string, string | undefined>>): string =>
  JSON.stringify(SIGNED_NAMES.map((name) => query[name] ?? ''))

/** The query parameters of a signed script URL, signature last. */
export const signedQuery = (
  keys: readonly Uint8Array[],
  { mark, machine, facts, picked }: ScriptClaims,
): Record<string, string> => {
  const query: Record<string, string> = {}
  for (const [name, inUrl] of Object.entries(SIGNED_FACTS)) {
    const value = facts[name]
    if (value !== undefined && value !== '') query[inUrl] = value
  }
  if (machine !== undefined) query['machine'] = machine
  if (picked.length > 0) query['picked'] = picked.join(',')
  query['boot'] = `${mark.number}-${mark.nonce}`
  return { ...query, [SIGNATURE]: signatureOf(keys, SCRIPT, textOf(query)) }
}

/**
 * What a script's query claims, if it is ours; undefined: unsigned, or not by us, and then it counts for nothing. Names
 * that are not signed may be added by iPXE.
 */
export const readSignedQuery = (
  keys: readonly Uint8Array[],
  query: Readonly<Record<string, string | undefined>>,
): ScriptClaims | undefined => {
  const signature = query[SIGNATURE]
  const [, number, nonce] = /^(\d{1,9})-([0-9a-z]{1,32})$/.exec(query['boot'] ?? '') ?? []
  if (signature === undefined || number === undefined || nonce === undefined) return undefined
  if (!isSignedBy(keys, SCRIPT, textOf(query), signature)) return undefined
  const { machine } = query
  const facts: Record<string, string> = {}
  for (const [name, inUrl] of Object.entries(SIGNED_FACTS)) {
    const value = query[inUrl]
    if (value !== undefined && value !== '') facts[name] = value
  }
  return {
    mark: { number: Number(number), nonce },
    ...(machine !== undefined && machine !== '' && { machine }),
    facts,
    picked: query['picked'] ? query['picked'].split(',') : [],
  }
}
