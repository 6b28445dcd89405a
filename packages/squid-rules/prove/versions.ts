import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { ensureDebianPackages, lackedPackages, unpackedVersion } from '../../../scripts/debian.mjs'
import type { Measurement } from '../../../scripts/measure.ts'
import { countsOf } from '../../../scripts/platforms/counts.ts'
import { packagesOf } from '../test/squid/release.ts'

const checkout = fileURLToPath(new URL('../../../', import.meta.url))
const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url))

const atMostNone = (what: string, ours: number): Measurement => ({
  what,
  unit: '',
  ours,
  bar: { of: 'ours', is: 'at most', limit: 0 },
})

/** Runs the system tests with this Squid; what vitest says, which is passed on as well. */
const run = async (version: string, files: readonly string[]): Promise<string> => {
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--project', 'system', '--dir', 'packages/squid-rules/test', ...files],
    {
      cwd: checkout,
      env: {
        ...process.env,
        BOOTWIRE_SQUID: version,
        BOOTWIRE_SYSTEM_TESTS: 'run',
        BOOTWIRE_LACKED_PACKAGES: lackedPackages().join(','),
        NO_COLOR: '1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
    process.stderr.write(chunk)
  })
  await once(child, 'close')
  return said
}

/**
 * The system tests on Squids newer than this release's, with both helpers.
 *
 * @param files names of test files, or parts of them; none: all
 */
export const versions = async (
  say: (line: string) => void,
  files: readonly string[],
): Promise<Measurement[]> => {
  const rows: Measurement[] = []
  for (const version of ['6', '7']) {
    const packages = packagesOf(version)
    const why = ensureDebianPackages(say, [], packages)
    const name = `Squid ${unpackedVersion(packages[0]!) ?? version}`
    if (why !== undefined) {
      say(`${name}: ${why}`)
      rows.push(atMostNone(`${name}: it could not be had`, 1))
      continue
    }
    say(`${name}: system tests`)
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they share ports and cores
    const { passed, failed, skipped } = countsOf(await run(version, files))
    rows.push(
      atMostNone(`${name}: system tests that fail`, failed),
      atMostNone(`${name}: system tests skipped`, skipped),
      {
        what: `${name}: system tests that pass`,
        unit: '',
        ours: passed,
        bar: { of: 'ours', is: 'at least', limit: 1 },
      },
    )
  }
  return rows
}
