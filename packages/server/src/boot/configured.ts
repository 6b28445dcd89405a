import type { Configuration } from '../decide/configuration.ts'
import type { IdentityFacts } from '../state/identity.ts'
import { factsOfEntry } from './who.ts'

/** An entry of `machines`, by what a machine of it says of itself. */
export type ConfiguredMachine = IdentityFacts & { readonly name: string }

/** The machines of the configuration, by name. */
export const configuredOf = ({ machines }: Configuration): ConfiguredMachine[] =>
  machines.all
    .map((rule) => ({ ...factsOfEntry(rule), name: rule.name }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
