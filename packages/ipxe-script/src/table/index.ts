export {
  COMMAND_GROUPS,
  COMMANDS,
  commandNamed,
  type CommandArgument,
  type CommandName,
  type CommandOption,
  type CommandSpec,
  type CommandTable,
} from './commands.ts'
export type { ArgumentsOf, Feature, FeaturesOn, OptionKind, OptionName } from './features.ts'
export {
  debian12,
  deriveProfile,
  ipxe2Bios,
  ipxe2Efi,
  masterBios,
  masterEfi,
  PROFILES,
  secureBoot,
  type AnyProfile,
  type BuildTraits,
  type DeriveOptions,
  type Profile,
} from './profile.ts'
export type { ArgumentKind, Availability, CommandRow, OptionRow, OptionValueKind } from './spec.ts'
