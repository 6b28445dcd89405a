/**
 * The `bootwire` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli, type Command } from '@bootwire-internal/cli'

import { ServerError } from '../model/errors.ts'
import type { FeatureRow } from '../seam/feature.ts'

/** The commands of features; a feature is loaded when its command is called, or when all options are looked through. */
const commandsOf = (features: readonly FeatureRow[]) =>
  Object.fromEntries(
    features.flatMap(({ name: feature, commands = {}, load }) =>
      Object.entries(commands).map(([name, summary]) => [
        name,
        {
          summary,
          load: async (): Promise<Command> => {
            const command = (await load()).commands?.[name]
            if (command) return command
            throw new Error(`feature ${feature} has no command ${name}, which its row names`)
          },
        },
      ]),
    ),
  )

/** The `bootwire` command. What it runs is loaded when asked for: printing a schema needs no HTTP server. */
export const bootwireCli = (features: readonly FeatureRow[]): Cli =>
  defineCli({
    name: 'bootwire',
    version: packageVersion(import.meta.url),
    summary: 'network boot beside your DHCP server',
    commands: {
      serve: {
        summary: 'serve network boot beside your DHCP server',
        load: async () => (await import('./serve.ts')).serve(features),
      },
      check: {
        summary: 'check a configuration file',
        load: async () => (await import('./check.ts')).check(features),
      },
      schema: {
        summary: 'print the JSON Schema of the configuration file',
        load: async () => (await import('./schema.ts')).schema(features),
      },
      explain: {
        summary: 'what a machine would boot, and why',
        load: async () => (await import('./explain.ts')).explainCommand(features),
      },
      status: {
        summary: 'machines seen by the running daemon, where they are, and why',
        load: async () => (await import('./status.ts')).statusCommand,
      },
      next: {
        summary: "boot a profile at a machine's next boot only",
        load: async () => (await import('./machine.ts')).next,
      },
      forget: {
        summary: 'forget that a machine is installed',
        load: async () => (await import('./machine.ts')).forget,
      },
      ...commandsOf(features),
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
      squid: {
        summary: 'the same as bootwire-squid: StoreID rules for Squid',
        delegate: async () => (await import('@bootwire/squid-rules/cli')).main,
      },
    },
    reportOf: (error) => {
      if (!(error instanceof ServerError)) return undefined
      if (error.code === 'ERR_SERVER_CONFIG') return { exitCode: 2, form: 'whole' }
      return error.code === 'ERR_SERVER_USAGE' ? { exitCode: 2, form: 'line' } : undefined
    },
  })
