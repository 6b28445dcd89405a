import { covers, wildcardsOf } from './decide.ts'
import type { DnsmasqModel } from './model.ts'

/** Machines that no line of the configuration tells apart. */
export interface MachineClass {
  /** Their hardware addresses; absent: all that no other class has. */
  readonly octets?: readonly string[]
}

/** More classes than any site has lines; patterns that overlap may make very many. */
const MAX_CLASSES = 4096

const overlap = (a: readonly string[], b: readonly string[]): readonly string[] | undefined => {
  const both = a.map((octet, i) => (octet === '*' ? b[i]! : octet))
  return covers(b, both) ? both : undefined
}

/**
 * Every set of machines that lines about hardware addresses tell apart, the narrowest first: what two patterns share is a
 * class as well. Undefined where there are too many.
 */
export const classesOf = ({
  sources,
  hosts,
}: DnsmasqModel): readonly MachineClass[] | undefined => {
  const given = [
    ...sources.flatMap(({ condition }) => (condition.kind === 'mac' ? [condition.octets] : [])),
    ...hosts.flatMap(({ macs }) => macs),
  ]
  const found = new Map<string, readonly string[]>()
  // What is shared with those before is closed under sharing, so each new pattern meets each of them once.
  for (const octets of given) {
    const shared = [...found.values()].flatMap((each) => [overlap(each, octets) ?? []])
    for (const each of [octets, ...shared.filter(({ length }) => length > 0)])
      found.set(each.join(':'), each)
    if (found.size > MAX_CLASSES) return undefined
  }
  const sorted = [...found.values()].toSorted((a, b) => wildcardsOf(a) - wildcardsOf(b))
  return [...sorted.map((octets) => ({ octets })), {}]
}
