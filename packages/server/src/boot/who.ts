import type { Configuration } from '../decide/configuration.ts'
import { normalizeMac } from '../model/facts.ts'
import type { Rule } from '../model/rule.ts'
import type { IdentityFacts } from '../state/identity.ts'

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

const valuesOf = ({ clauses }: Rule, fact: string): string[] =>
  clauses.flatMap(({ fact: of, test }) => {
    if (of !== fact) return []
    if (test.op === 'is') return [test.value]
    return test.op === 'in' ? [...test.values] : []
  })

/** What the file says of the machine that an entry of it is. */
export const factsOfEntry = (rule: Rule): IdentityFacts => {
  const [uuid] = valuesOf(rule, 'uuid')
  const [serial] = valuesOf(rule, 'serial')
  return {
    name: rule.name,
    macs: valuesOf(rule, 'mac'),
    ...(uuid !== undefined && { uuid }),
    ...(serial !== undefined && { serial }),
  }
}

/** An identity as a person writes it: `mac:…`, `uuid:…`, `serial:…`, `name:…`, or an address or UUID by itself. */
export const identityNamed = (text: string): IdentityFacts | undefined => {
  const [, kind, value = ''] = /^(mac|uuid|serial|name):(.+)$/s.exec(text) ?? []
  if (kind === 'serial') return { macs: [], serial: value }
  if (kind === 'name') return { macs: [], name: value }
  if (kind === 'uuid' || UUID.test(text)) return { macs: [], uuid: kind ? value : text }
  const mac = normalizeMac(kind === 'mac' ? value : text)
  return mac === undefined ? undefined : { macs: [mac] }
}

/**
 * Which machine a person means: by the name of its entry, a hardware address in any spelling, a UUID, `serial:NUMBER`, or
 * the id of its record.
 */
export const machineNamed = (
  { machines }: Pick<Configuration, 'machines'>,
  text: string,
): string | IdentityFacts => {
  const entry = machines.named(text)
  return entry ? factsOfEntry(entry) : (identityNamed(text) ?? text)
}
