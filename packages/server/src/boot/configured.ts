import type { Configuration } from '../decide/configuration.ts'
import type { Rule } from '../model/rule.ts'

/** An entry of `machines`, by what a machine of it says of itself. */
export interface ConfiguredMachine {
  readonly name: string
  readonly macs: readonly string[]
  readonly uuid?: string
  readonly serial?: string
}

const valuesOf = ({ clauses }: Rule, fact: string): readonly string[] =>
  clauses.flatMap(({ fact: each, test }) => {
    if (each !== fact) return []
    if (test.op === 'is') return [test.value]
    return test.op === 'in' ? test.values : []
  })

/** The machines of the configuration, by name. */
export const configuredOf = ({ machines }: Configuration): ConfiguredMachine[] =>
  machines.all
    .map((rule) => {
      const [uuid] = valuesOf(rule, 'uuid')
      const [serial] = valuesOf(rule, 'serial')
      return {
        name: rule.name,
        macs: valuesOf(rule, 'mac'),
        ...(uuid !== undefined && { uuid }),
        ...(serial !== undefined && { serial }),
      }
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
