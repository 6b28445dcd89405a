import type { Measurement } from '../../../scripts/measure.ts'
import { createEngine } from '../src/engine/engine.ts'
import { compileRules } from '../src/generate/generate.ts'
import { generate } from '../src/index.ts'
import { runStockHelper } from '../test/stock-helper.ts'
import { OPTIONS } from './setting.ts'

/** The longest URL that Squid passes on, bytes (`MAX_URL`). */
const LONGEST = 8191

const fill = (base: string, unit: string, end: string): string =>
  base + unit.repeat(Math.floor((LONGEST - base.length - end.length) / unit.length)) + end

/** URLs that make a backtracking matcher go back as far as it can. */
export const attacks = (): string[] => {
  const bases = [
    'http://mirrors.kernel.org/debian/',
    'http://mirrors.kernel.org/archlinux/',
    'http://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/',
    'http://download.opensuse.org/',
    'https://proxy.golang.org/',
    'https://quay.io/v2/',
    'http://a.debian.org/debian/pool/',
  ]
  const units = [
    'a/',
    'a',
    'a.',
    '%2b',
    'a%2b',
    'pool/',
    '.deb',
    'a.rpm/',
    'repodata/',
    'by-hash/SHA256/',
    'Packages/',
    '0.',
    '@v/',
    '-latest',
    'a-',
  ]
  const ends = ['', '!', '"', '.deb', '.rp', '/x.rpm?', '/repodata/x', '%']
  const hosts = fill('http://', 'a.', 'debian.org/debian/x')
  return [
    hosts,
    ...bases.flatMap((base) => units.flatMap((unit) => ends.map((end) => fill(base, unit, end)))),
  ]
}

const best = (run: () => void): number => {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 9; i++) {
    const start = performance.now()
    run()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

/** The most that any URL of 8 KB costs. */
export const worstUrl = (say: (line: string) => void): Measurement[] => {
  const engine = createEngine(compileRules(OPTIONS))
  const urls = attacks()
  say(`worst URL: ${urls.length} of 8 KB`)
  const ours = Math.max(...urls.map((url) => best(() => engine.keyAt(url, 0))))
  const db = generate(OPTIONS).files['storeid.db']!
  const start = performance.now()
  runStockHelper(db, urls.map((url) => `${url} -\n`).join(''))
  const mean = (performance.now() - start) / urls.length
  return [
    {
      what: 'worst URL of 8 KB',
      unit: 'ms',
      ours,
      peer: { name: 'mean of storeid_file_rewrite, generated file', value: mean },
      bar: { of: 'ours', is: 'at most', limit: 1 },
    },
  ]
}
