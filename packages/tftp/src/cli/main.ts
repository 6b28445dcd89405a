/**
 * The `bootwire-tftp` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli } from '@bootwire-internal/cli'

import { TftpError, type TftpErrorCode } from '../errors.ts'
import { conformanceCommand } from './conformance.ts'
import { serveCommand } from './serve.ts'
import { getCommand, putCommand } from './transfer.ts'

/** What only the caller can mend. */
const USAGE_CODES: readonly TftpErrorCode[] = ['ERR_TFTP_INVALID_ARGUMENT', 'ERR_TFTP_INVALID_URL']

const cli: Cli = defineCli({
  name: 'bootwire-tftp',
  version: packageVersion(import.meta.url),
  summary: 'TFTP client, server and conformance checks',
  commands: {
    get: getCommand,
    put: putCommand,
    serve: serveCommand,
    conformance: conformanceCommand,
  },
  notes: 'A URL is tftp://HOST[:PORT]/FILE[;mode=netascii].',
  reportOf: (error) =>
    error instanceof TftpError && USAGE_CODES.includes(error.code)
      ? { exitCode: 2, form: 'usage' }
      : undefined,
})

/** Runs a command line; gives the exit code: 0 done, 1 failed, 2 wrong usage. */
export const main: (args: readonly string[], host?: object) => Promise<number> = cli.main
