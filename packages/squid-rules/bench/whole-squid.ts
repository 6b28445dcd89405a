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

/** 2 KB hits from memory, one worker: with keys from our helper, and the same Squid without any. */
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
    for (const squid of [keyed, plain]) fire(bed, squid, 2)
    const before = counter((await keyed.manager('store_id')).text, 'replies received')
    const pairs = Array.from({ length: PAIRS }, (_, i) => {
      say(`whole Squid: pair ${i + 1} of ${PAIRS}`)
      return { ours: fire(bed, keyed, SECONDS), without: fire(bed, plain, SECONDS) }
    })
    const page = (await keyed.manager('store_id')).text
    const hits = pairs.reduce((sum, { ours }) => sum + ours.hits, 0)
    const answers = pairs.reduce((sum, { ours }) => sum + ours.answers, 0)
    return [
      {
        what: `whole Squid, median of ${PAIRS} interleaved pairs`,
        unit: 'requests/s',
        ours: median(pairs.map(({ ours }) => ours.perSecond)),
        peer: {
          name: 'without StoreID',
          value: median(pairs.map(({ without }) => without.perSecond)),
        },
      },
      {
        what: 'whole Squid, median ratio of the pairs',
        unit: '',
        ours: median(pairs.map(({ ours, without }) => ours.perSecond / without.perSecond)),
        bar: { of: 'ours', is: 'at least', limit: 0.9 },
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
