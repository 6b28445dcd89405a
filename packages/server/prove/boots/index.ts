import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { ensureDebianPackages } from '../../../../scripts/debian.mjs'
import type { Measurement } from '../../../../scripts/measure.ts'
import { NETWORK } from '../../test/lan/bed.ts'
import { Lan } from '../../test/lan/lan.ts'
import type { Machine } from '../../test/lan/machine.ts'
import { BOOTED } from '../../test/lan/payload.ts'
import { cells, NEEDED, type Cell } from './cells.ts'

/** Three times what the slowest boot takes under emulation on two idle cores. */
const PATIENCE_MS = 120_000

type Outcome = { readonly seconds: number } | { readonly why: string }

/** The last words of a machine that did not come where it should. */
const lastWords = (machine: Machine | undefined): string => {
  const lines = (machine?.console ?? '').split('\n').map((line) => line.trim())
  const last = lines.findLast((line) => /[a-z]/i.test(line)) ?? 'printed nothing'
  return last.replaceAll('|', '/').slice(-90)
}

const boot = async ({ config, prepare, architecture, machine, until }: Cell): Promise<Outcome> => {
  await using lan = await Lan.create({
    config,
    architecture,
    nextServer: NETWORK.boot, // as GRUB needs it; iPXE does not care
    ...(prepare && { prepare }),
  })
  let on: Machine | undefined
  try {
    on = lan.powerOn(machine)
    if (until === 'init') await on.prints(BOOTED, { timeoutMs: PATIENCE_MS })
    else await lan.daemon.logs(({ event }) => event === 'http.script', { timeoutMs: PATIENCE_MS })
    return { seconds: (Date.now() - on.poweredOnMs) / 1000 }
  } catch {
    return { why: lastWords(on) }
  }
}

const nameOf = ({ firmware, program, path }: Cell): string => `${firmware}, ${path}, ${program}`

const PAGE = fileURLToPath(new URL('../../../../docs/boots.md', import.meta.url))

const lineOf = ([cell, outcome]: readonly [Cell, Outcome]): string => {
  const until = cell.until === 'script' ? ' to its script' : ''
  const told =
    'seconds' in outcome ? `green: ${outcome.seconds.toFixed(0)} s${until}` : `red: ${outcome.why}`
  return `| ${cell.firmware} | ${cell.path} | ${cell.program} | ${told} |`
}

const pageOf = (rows: readonly (readonly [Cell, Outcome])[]): string =>
  `# What boots

Written by \`npm run prove -- server boots\`: virtual machines without KVM, seconds from power-on to Linux' init. A red cell
ends with the machine's last words. "This release" is the Debian that the proof ran on.

| firmware | path | program | outcome |
| --- | --- | --- | --- |
${rows.map(lineOf).join('\n')}
`

/** Firmware x boot program x path, each booted on a network of its own; writes `docs/boots.md`. */
export const boots = async (say: (line: string) => void): Promise<Measurement[]> => {
  const missing = ensureDebianPackages(say, undefined, NEEDED)
  if (missing !== undefined) throw new Error(missing)
  const rows: (readonly [Cell, Outcome])[] = []
  for (const cell of cells()) {
    // oxlint-disable-next-line no-await-in-loop -- one machine at a time has the cores
    const outcome = await boot(cell)
    say('seconds' in outcome ? `green ${nameOf(cell)}` : `RED ${nameOf(cell)}: ${outcome.why}`)
    rows.push([cell, outcome])
  }
  writeFileSync(PAGE, pageOf(rows))
  return rows.map(([cell, outcome]) => ({
    what: nameOf(cell),
    unit: 's',
    ours: 'seconds' in outcome ? outcome.seconds : Number.NaN,
  }))
}
