import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import { openBed, type Bed, type Squid } from '../test/squid/bed.ts'
import { OPTIONS, type Setting } from './setting.ts'

const PAIRS = 7
const SECONDS = 4
const CONNECTIONS = 64

const load = fileURLToPath(new URL('load.mjs', import.meta.url))
const floorSource = fileURLToPath(new URL('floor.c', import.meta.url))

interface Run {
  readonly perSecond: number
  readonly answers: number
  readonly hits: number
}

const fire = (bed: Bed, { address }: Squid, seconds: number): Run =>
  JSON.parse(
    bed.exec(process.execPath, load, address, '3128', String(seconds), String(CONNECTIONS)),
  )

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!

/** The number behind a name on the manager's page. */
const counter = (page: string, name: string): number =>
  Number(new RegExp(`${name}: (\\d+)`).exec(page)?.[1])

/**
 * 2 KB hits from memory, one worker: with keys from our helper, with keys from the least that a helper can be, and
 * the same Squid without any.
 */
export const wholeSquid = async (
  setting: Setting,
  say: (line: string) => void,
): Promise<Measurement[]> => {
  const bed = await openBed()
  try {
    const quiet = { storage: 'memory' as const, extra: ['access_log none'] }
    const program = join(setting.folder, 'storeid.sh')
    writeFileSync(program, `#!/bin/sh\nexec ${setting.ours.slice(0, 2).join(' ')} "$@"\n`, {
      mode: 0o755,
    })
    const keyed = await bed.startSquid(0, { ...OPTIONS, cache: { ...quiet, program } })
    const plain = await bed.startSquid(
      1,
      { ...OPTIONS, cache: { ...quiet, helper: 'stock' } },
      (conf) => conf.replaceAll(/^store_id_.*\n/gm, ''),
    )
    const floor = join(setting.folder, 'floor')
    execFileSync('gcc', ['-D_GNU_SOURCE', '-O2', '-o', floor, floorSource])
    const least = await bed.startSquid(2, { ...OPTIONS, cache: { ...quiet, program: floor } })
    for (const squid of [keyed, least, plain]) fire(bed, squid, 2)
    const before = counter((await keyed.manager('store_id')).text, 'replies received')
    const pairs = Array.from({ length: PAIRS }, (_, i) => {
      say(`whole Squid: pair ${i + 1} of ${PAIRS}`)
      return {
        ours: fire(bed, keyed, SECONDS),
        least: fire(bed, least, SECONDS),
        without: fire(bed, plain, SECONDS),
      }
    })
    const perSecond = (which: 'ours' | 'least' | 'without'): number =>
      median(pairs.map((pair) => pair[which].perSecond))
    const page = (await keyed.manager('store_id')).text
    const hits = pairs.reduce((sum, { ours }) => sum + ours.hits, 0)
    const answers = pairs.reduce((sum, { ours }) => sum + ours.answers, 0)
    return [
      {
        what: `whole Squid, median of ${PAIRS} interleaved pairs`,
        unit: 'requests/s',
        ours: perSecond('ours'),
        peer: { name: 'without StoreID', value: perSecond('without') },
      },
      {
        what: 'whole Squid, median ratio of the pairs',
        unit: '',
        ours: median(pairs.map(({ ours, without }) => ours.perSecond / without.perSecond)),
        bar: { of: 'ours', is: 'at least', limit: 0.9 },
      },
      {
        what: 'whole Squid with a C helper that only echoes, median ratio',
        unit: '',
        ours: median(pairs.map(({ least: echo, without }) => echo.perSecond / without.perSecond)),
      },
      {
        what: 'whole Squid, beside the C helper that only echoes',
        unit: 'requests/s',
        ours: perSecond('ours'),
        peer: { name: 'C helper', value: perSecond('least') },
      },
      {
        what: 'whole Squid, answers that had no key asked for',
        unit: 'bypassed',
        ours: Math.max(0, answers - (counter(page, 'replies received') - before)),
        bar: { of: 'ours', is: 'at most', limit: 0 },
      },
      {
        what: 'whole Squid, hits',
        unit: '%',
        ours: (hits / answers) * 100,
        bar: { of: 'ours', is: 'at least', limit: 99.9 },
      },
    ]
  } finally {
    await bed.close()
  }
}
