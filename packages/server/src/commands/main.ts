/**
 * The `bootwire` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli, type Command } from '@bootwire-internal/cli'

import { ServerError } from '../model/errors.ts'
import type { FeatureRow, Main } from '../seam/feature.ts'

/** The commands of features, each loaded with its feature. */
const commandsOf = (
  features: readonly FeatureRow[],
): Record<string, { readonly summary: string; readonly load: () => Promise<Command> }> =>
  Object.fromEntries(
    features.flatMap(({ name: feature, commands = {}, load }) =>
      Object.entries(commands).map(([name, summary]) => [
        name,
        {
          summary,
          load: async () => {
            const command = (await load()).commands?.[name]
            if (!command) throw new Error(`the feature ${feature} has no command ${name}`)
            return command
          },
        },
      ]),
    ),
  )

/** The commands of features that read their arguments themselves. */
const delegatesOf = (
  features: readonly FeatureRow[],
): Record<string, { readonly summary: string; readonly delegate: () => Promise<Main> }> =>
  Object.fromEntries(
    features.flatMap(({ name: feature, delegates = {}, load }) =>
      Object.entries(delegates).map(([name, summary]) => [
        name,
        {
          summary,
          delegate: async () => {
            const delegate = (await load()).delegates?.[name]
            if (!delegate) throw new Error(`the feature ${feature} has no command ${name}`)
            return delegate
          },
        },
      ]),
    ),
  )

/** What is loaded when asked for: a command that prints a schema need not load an HTTP server. */
export const cliWith = (features: readonly FeatureRow[]): Cli =>
  defineCli({
    name: 'bootwire',
    version: packageVersion(import.meta.url),
    summary: 'network boot beside your DHCP server',
    commands: {
      serve: {
        summary: 'serve network boot beside your DHCP server',
        load: async () => (await import('./serve.ts')).serveCommand(features),
      },
      check: {
        summary: 'check a configuration file',
        load: async () => (await import('./check.ts')).checkCommand(features),
      },
      schema: {
        summary: 'print the JSON Schema of the configuration file',
        load: async () => (await import('./schema.ts')).schemaCommand(features),
      },
      explain: {
        summary: 'what a machine would boot, and why',
        load: async () => (await import('./explain.ts')).explainCommand(features),
      },
      status: {
        summary: 'machines seen by the running daemon, where they are, and why',
        load: async () => (await import('./status.ts')).statusCommand,
      },
      list: {
        summary: 'machines that are remembered, and what of them',
        load: async () => (await import('./list.ts')).listCommand,
      },
      plan: {
        summary: 'what a changed configuration would mean for machines that are installed',
        load: async () => (await import('./plan.ts')).planCommand(features),
      },
      install: {
        summary: 'install a machine again, whatever is on its disk',
        load: async () => (await import('./machine.ts')).install,
      },
      next: {
        summary: "boot a profile at a machine's next boot only",
        load: async () => (await import('./machine.ts')).next,
      },
      forget: {
        summary: 'forget that a machine is installed',
        load: async () => (await import('./machine.ts')).forget,
      },
      hold: {
        summary: 'let a machine boot nothing but its disk, until it is released',
        load: async () => (await import('./machine.ts')).hold,
      },
      merge: {
        summary: 'say that two machines are one',
        load: async () => (await import('./machine.ts')).merge,
      },
      split: {
        summary: 'say that one machine is two, or that an identity is shared',
        load: async () => (await import('./machine.ts')).split,
      },
      ...commandsOf(features),
      ...delegatesOf(features),
      dhcp: {
        summary: 'the same as bootwire-dhcp: what boot clients meet in this network',
        delegate: async () => (await import('@bootwire/dhcp-proxy/cli')).main,
      },
      tftp: {
        summary: 'the same as bootwire-tftp: TFTP client, server, conformance checks',
        delegate: async () => (await import('@bootwire/tftp/cli')).main,
      },
      ipxe: {
        summary: 'the same as bootwire-ipxe: build, check, format and run iPXE scripts',
        delegate: async () => (await import('@bootwire/ipxe-script/cli')).main,
      },
    },
    reportOf: (error) => {
      if (!(error instanceof ServerError)) return undefined
      if (error.code === 'ERR_SERVER_CONFIG') return { exitCode: 2, form: 'whole' }
      return error.code === 'ERR_SERVER_USAGE' ? { exitCode: 2, form: 'line' } : undefined
    },
  })
