/**
 * The `bootwire-ipxe` command.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

import { main } from './cli/main.ts'

const { version }: { readonly version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)

process.exitCode = await main(process.argv.slice(2), {
  out: (words) => process.stdout.write(words),
  err: (words) => process.stderr.write(words),
  stdin: () => text(process.stdin),
  version,
})
