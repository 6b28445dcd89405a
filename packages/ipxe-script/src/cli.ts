/**
 * The `bootwire-ipxe` command.
 *
 * @module
 */
import { text } from 'node:stream/consumers'

import { main } from './cli/main.ts'

process.exitCode = await main(process.argv.slice(2), {
  out: (words) => process.stdout.write(words),
  err: (words) => process.stderr.write(words),
  stdin: () => text(process.stdin),
})
