/** A port that machines have to reach. */
export interface WantedPort {
  readonly transport: 'udp' | 'tcp'
  readonly port: number
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const at = (value: unknown, ...path: readonly string[]): unknown => {
  let inner = value
  for (const key of path) inner = isObject(inner) ? inner[key] : undefined
  return inner
}

/** Whether a port is in the right side of a match: a number, a range, a set of both. */
const holds = (right: unknown, port: number): boolean => {
  if (right === port) return true
  const range = listOf(at(right, 'range'))
  if (range.length === 2) return Number(range[0]) <= port && port <= Number(range[1])
  return listOf(at(right, 'set')).some((each) => holds(each, port))
}

interface Rule {
  /** What it does at its end. */
  readonly verdict: 'drop' | 'accept' | 'other'
  /** Ports that it is about; undefined: any. */
  readonly isAbout: (wanted: WantedPort) => boolean | undefined
  /** Interface that it is about. */
  readonly interface: string | undefined
  /** It looks at something else too, so that not every packet is meant. */
  readonly isNarrow: boolean
}

const ruleOf = (expressions: readonly unknown[]): Rule => {
  const matches = expressions.flatMap((each) => at(each, 'match') ?? [])
  const isPort = (match: unknown) => at(match, 'left', 'payload', 'field') === 'dport'
  const isInterface = (match: unknown) =>
    ['iifname', 'iif'].includes(String(at(match, 'left', 'meta', 'key')))
  const isPlain = (match: unknown) => at(match, 'op') === '==' || at(match, 'op') === 'in'
  const port = matches.find(isPort)
  const on = matches.find(isInterface)
  const known = matches.filter((match) => isPlain(match) && (isPort(match) || isInterface(match)))
  const isDrop = expressions.some((each) => isObject(each) && ('drop' in each || 'reject' in each))
  const isAccept = expressions.some((each) => isObject(each) && 'accept' in each)
  return {
    verdict: isDrop ? 'drop' : isAccept ? 'accept' : 'other',
    isAbout: (wanted) => {
      if (port === undefined) return undefined
      const protocol = at(port, 'left', 'payload', 'protocol')
      const isIts = protocol === wanted.transport || protocol === 'th'
      return isIts && holds(at(port, 'right'), wanted.port)
    },
    interface: on === undefined ? undefined : String(at(on, 'right')),
    isNarrow: known.length < matches.length,
  }
}

/**
 * The ports that a ruleset of nftables keeps from an interface: dropped by a rule that names them, or by a policy that no
 * rule makes an exception from. A rule that looks at more than port and interface counts as an exception, never as a
 * drop: what it means for a machine is not known.
 *
 * @param ruleset what `nft -j list ruleset` prints
 */
export const portsKept = (
  ruleset: unknown,
  on: string,
  ports: readonly WantedPort[],
): readonly WantedPort[] => {
  const entries = listOf(at(ruleset, 'nftables'))
  const rules = entries
    .map((each) => at(each, 'rule'))
    .filter(isObject)
    .map((rule) => ({
      chain: `${String(rule['table'])} ${String(rule['chain'])}`,
      ...ruleOf(listOf(rule['expr'])),
    }))
    .filter((rule) => rule.interface === undefined || rule.interface === on)
  const inputs = entries
    .map((each) => at(each, 'chain'))
    .filter(isObject)
    .filter((chain) => chain['hook'] === 'input' || chain['hook'] === 'prerouting')
  const isKeptIn = (chain: Json, wanted: WantedPort): boolean => {
    const name = `${String(chain['table'])} ${String(chain['name'])}`
    // Also for some packets only, and in a chain that this one jumps to: firewalld and ufw write them so.
    const isLetInSomewhere = rules.some(
      (rule) => rule.verdict === 'accept' && rule.isAbout(wanted) === true,
    )
    for (const rule of rules.filter((each) => each.chain === name && !each.isNarrow)) {
      const isAbout = rule.isAbout(wanted)
      if (rule.verdict === 'other' || isAbout === false) continue
      if (rule.verdict === 'accept') return false
      return isAbout === true || !isLetInSomewhere
    }
    return chain['policy'] === 'drop' && !isLetInSomewhere
  }
  return ports.filter((wanted) => inputs.some((chain) => isKeptIn(chain, wanted)))
}
