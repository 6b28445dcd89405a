import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import type { Options } from '../src/index.ts'
import { openBed, squidAddress } from '../test/squid/bed.ts'
import type { Setting } from './setting.ts'

const FEW = 400
const MANY = 2400

const CANONICAL = 'http://ftp.debian.org/debian/pool/main/b/bash/bash_5.2-1_amd64.deb'
const MIRROR = 'http://mirrors.kernel.org/debian/pool/main/b/bash/bash_5.2-1_amd64.deb'

const floorSource = fileURLToPath(new URL('floor.c', import.meta.url))

/** Instructions that callgrind has counted in the process that had most. */
const instructionsIn = (folder: string): number => {
  const counts = readdirSync(folder)
    .filter((name) => name.startsWith('callgrind.'))
    .flatMap(
      (name) =>
        /^(?:totals|summary): (\d+)/m.exec(readFileSync(join(folder, name), 'latin1'))?.[1] ?? [],
    )
  if (counts.length === 0) throw new Error(`callgrind left no counts in ${folder}`)
  return Math.max(...counts.map(Number))
}

/** Instructions in Squid for one hit: a long run less a short one, so that the start does not count. */
const perHit = async (
  setting: Setting,
  url: string,
  options: Options,
  change: (conf: string) => string,
): Promise<number> => {
  const run = async (count: number): Promise<number> => {
    const out = execFileSync('mktemp', ['-d', join(setting.folder, 'callgrind-XXXX')], {
      encoding: 'utf8',
    }).trim()
    execFileSync('chmod', ['777', out])
    const program = join(out, 'squid')
    // -N: one process, which callgrind follows. As Squid's user from the start: callgrind opens its file as root first,
    // and cannot write it when Squid has dropped its rights.
    writeFileSync(
      program,
      `#!/bin/sh\ncase "$*" in *foreground*-f*) [ "$1" != -z ] && exec setpriv --reuid=proxy --regid=proxy --clear-groups valgrind --tool=callgrind --callgrind-out-file=${out}/callgrind.%p squid -N "$@";; esac\nexec squid "$@"\n`,
      { mode: 0o755 },
    )
    const bed = await openBed(['10.79.0.2 ftp.debian.org'])
    try {
      await bed.startSquid(0, options, change, [program])
      const proxy = `${squidAddress(0)}:3128`
      await bed.get(url, { timeoutMs: 120_000 })
      await bed.hammer(url, count, proxy)
    } finally {
      await bed.close('SIGTERM')
    }
    return instructionsIn(out)
  }
  return ((await run(MANY)) - (await run(FEW))) / (MANY - FEW)
}

const same = (conf: string): string => conf

const without = (conf: string): string => conf.replaceAll(/^store_id_.*\n/gm, '')

/** Instructions in Squid for a 2 KB hit from memory, by callgrind: no scatter of a busy machine. */
export const instructions = async (
  setting: Setting,
  say: (line: string) => void,
): Promise<Measurement[]> => {
  const cache = { storage: 'memory' as const, extra: ['access_log none'] }
  const program = join(setting.folder, 'storeid.sh')
  writeFileSync(program, `#!/bin/sh\nexec ${setting.ours.slice(0, 2).join(' ')} "$@"\n`, {
    mode: 0o755,
  })
  const floor = join(setting.folder, 'floor')
  execFileSync('gcc', ['-D_GNU_SOURCE', '-O2', '-o', floor, floorSource])
  const use = ['debian', 'ubuntu', 'rocky', 'fedora', 'epel', 'arch', 'alpine']
  const ours: Options = { use, cache: { ...cache, program } }
  say('instructions: without StoreID')
  const plain = await perHit(setting, CANONICAL, ours, without)
  say('instructions: canonical names')
  const canonical = await perHit(setting, CANONICAL, ours, same)
  say('instructions: names of another mirror')
  const mirror = await perHit(setting, MIRROR, ours, same)
  say('instructions: a C helper that only echoes')
  const least = await perHit(setting, MIRROR, { use, cache: { ...cache, program: floor } }, same)
  return [
    {
      what: 'instructions without StoreID / with, clients use canonical names',
      unit: 'per hit',
      ours: plain,
      peer: { name: 'generated', value: canonical },
      bar: { of: 'ratio', is: 'at least', limit: 0.97 },
    },
    {
      what: 'the same, clients use another mirror',
      unit: 'per hit',
      ours: plain,
      peer: { name: 'generated', value: mirror },
    },
    {
      what: 'instructions with a C helper that only echoes / with ours, another mirror',
      unit: 'per hit',
      ours: least,
      peer: { name: 'generated', value: mirror },
      bar: { of: 'ratio', is: 'at least', limit: 0.98 },
    },
  ]
}
