/**
 * The command kit: what all `bootwire` commands have in common. Never published: the build inlines it.
 *
 * ```ts
 * const get = defineCommand({
 *   summary: 'read a file',
 *   positionals: 'URL [FILE]',
 *   options: { window: { value: 'BLOCKS', summary: 'default 16', read: wholeNumber(1, 65_535) } },
 *   run: async ({ positionals: [url, file], options, print, signal }) => { … },
 * })
 * export const { main } = defineCli({ name: 'bootwire-tftp', version, summary: '…', commands: { get } })
 * ```
 *
 * gives `--help`, `-h`, `--version`, "did you mean", refusal of what a command does not take, exit codes 0, 1 and 2,
 * quiet ends of pipes, and signals as an `AbortSignal`.
 *
 * @module
 */
export { defineCommand, type Command, type Context } from './command.ts'
export type { ProcessLike, ProcessOverrides, Output } from './process-like.ts'
export type { Option, Options } from './option.ts'
export { packageVersion } from './package-version.ts'
export { defineCli, type Cli, type ErrorReport } from './program.ts'
export { decimalNumber, nameAndValue, portNumber, readPositional, wholeNumber } from './readers.ts'
export { UsageError } from './usage-error.ts'
