/**
 * The `bootwire` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli } from '@bootwire-internal/cli'

import { ServerError } from '../errors.ts'

/** What is loaded when asked for: a command that prints a schema need not load an HTTP server. */
const cli: Cli = defineCli({
  name: 'bootwire',
  version: packageVersion(import.meta.url),
  summary: 'network boot beside your DHCP server',
  commands: {
    serve: {
      summary: 'serve network boot beside your DHCP server',
      load: async () => (await import('./serve.ts')).serve,
    },
    init: {
      summary: 'write a commented configuration for this host',
      load: async () => (await import('./init.ts')).init,
    },
    check: {
      summary: 'check a configuration file',
      load: async () => (await import('./check.ts')).check,
    },
    schema: {
      summary: 'print the JSON Schema of the configuration file',
      load: async () => (await import('./schema.ts')).schema,
    },
    explain: {
      summary: 'what a machine would boot, and why',
      load: async () => (await import('./explain.ts')).explainCommand,
    },
    simulate: {
      summary: 'walk a whole boot against the running daemon, without a machine',
      load: async () => (await import('./simulate.ts')).simulateCommand,
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

/** Runs a command line; gives the exit code: 0 done, 1 failed, 2 wrong usage or configuration. */
export const main: Cli['main'] = cli.main
