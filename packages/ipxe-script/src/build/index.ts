export { Block, type BlockLine, type ScriptLine } from './block.ts'
export * from './commands.ts'
export type { CommandArguments, CommandFunction, CommandOptions } from './command.ts'
export { Duration, minutes, ms, seconds } from './duration.ts'
export { facts, net, type Facts, type Net } from './facts.ts'
export type { Key } from './key.ts'
export { Label, label, localLabel } from './label.ts'
export { blank, comment, verbatim, type Remark } from './remark.ts'
export { type BuiltScript, script, scriptFor } from './script.ts'
export {
  dhcpOption,
  setting,
  smbios,
  type IntegerType,
  type Setting,
  type SettingType,
} from './setting.ts'
export { choice, choose, type Choice, goto, imgfree, imgstat, inc, item, set } from './special.ts'
export { exit, type Command, type Fate, Jump, type Step } from './step.ts'
export { text, type Template, type Text, Uri } from './text.ts'
export { uri, type UriLike } from './uri.ts'
