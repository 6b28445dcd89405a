import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { corpus } from '../prove/corpus/index.ts'
import { SNAPSHOT, snapshotMirrors } from '../src/catalogue/snapshot.ts'
import { generate, type Options } from '../src/index.ts'

/** As many mirror prefixes as the bars speak of. */
export const PREFIXES = 3000

const VENDORS = ['debian', 'ubuntu', 'fedora', 'epel', 'arch']

const mirrors = VENDORS.flatMap((vendor) =>
  snapshotMirrors(vendor).map((mirror) => ({ vendor, mirror })),
)
const listed = Object.keys(SNAPSHOT.repositories)
  .filter((name) => !VENDORS.includes(name))
  .reduce((sum, name) => sum + snapshotMirrors(name).length, 0)
const made = Array.from({ length: Math.max(0, PREFIXES - mirrors.length - listed) }, (_, i) => {
  const vendor = VENDORS[i % VENDORS.length]!
  return {
    vendor,
    mirror: `mirror${i}.pkg.example/pub/${vendor === 'fedora' ? 'fedora/linux' : vendor}`,
  }
})

/** The whole catalogue and its snapshot, with made-up mirrors up to {@link PREFIXES}. */
export const OPTIONS: Options = {
  snapshot: true,
  mirrors: Object.fromEntries(
    VENDORS.map((vendor) => [
      vendor,
      made.filter((each) => each.vendor === vendor).map(({ mirror }) => mirror),
    ]),
  ),
}

/** One rule for each mirror, the way people write them. */
const perMirror = (): string =>
  [...mirrors, ...made]
    .map(
      ({ vendor, mirror }) =>
        `^http:\\/\\/${mirror.replaceAll('.', '\\.').replaceAll('/', '\\/')}\\/(.*)\thttp://${vendor}.squid.internal/$1\n`,
    )
    .join('')

/** Files on disk that every part of the bench uses. */
export interface Setting {
  readonly folder: string
  readonly rules: string
  readonly generatedDb: string
  readonly perMirrorDb: string
  /** The helper as it is installed, built from this source. */
  readonly ours: readonly string[]
  readonly close: () => void
}

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

export const openSetting = (say: (line: string) => void): Setting => {
  say('building the command')
  execFileSync(join(packageFolder, '../../node_modules/.bin/tsup'), {
    cwd: packageFolder,
    stdio: 'ignore',
  })
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-bench-'))
  chmodSync(folder, 0o755) // Squid's helpers run as another user
  const write = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text, 'latin1')
    return file
  }
  const { files } = generate(OPTIONS)
  const rules = write('rules.json', files['rules.json']!)
  return {
    folder,
    rules,
    generatedDb: write('storeid.db', files['storeid.db']!),
    perMirrorDb: write('per-mirror.db', perMirror()),
    ours: [process.execPath, join(packageFolder, 'bin/bootwire-squid.js'), 'storeid', rules],
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const METADATA = [
  'dists/stable/InRelease',
  'updates/40/Everything/x86_64/repodata/repomd.xml',
  'core/os/x86_64/core.db',
]

/** 60 % packages on any of the mirrors, 20 % metadata, 20 % other hosts: the mix of the reference's table D. */
export const inputLines = (count: number): string => {
  const packages = [...corpus(count)].map(({ url }) => url)
  const all = [...mirrors, ...made]
  const lines: string[] = []
  for (let i = 0; i < count; i++) {
    const { vendor, mirror } = all[(i * 7919) % all.length]!
    const kind = i % 10
    const path =
      vendor === 'debian' || vendor === 'ubuntu'
        ? `pool/main/b/bash/bash_5.2.${i}-1_amd64.deb`
        : vendor === 'arch'
          ? `extra/os/x86_64/bash-5.2.${i}-1-x86_64.pkg.tar.zst`
          : vendor === 'epel'
            ? `9/Everything/x86_64/Packages/b/bash-5.2.${i}-1.el9.x86_64.rpm`
            : `updates/40/Everything/x86_64/Packages/b/bash-5.2.${i}-1.fc40.x86_64.rpm`
    const url =
      kind < 4
        ? `http://${mirror}/${path}`.replaceAll(/([^:])\/\//g, '$1/')
        : kind < 6
          ? packages[(i * 104_729) % packages.length]!
          : kind < 8
            ? `http://${mirror}/${METADATA[i % METADATA.length]}`
            : `http://www${i % 500}.example.org/images/${i}/photo.jpg`
    lines.push(`${i + 1} ${url} 10.0.0.9/vm - GET myip=10.0.0.1 myport=3128\n`)
  }
  return lines.join('')
}
