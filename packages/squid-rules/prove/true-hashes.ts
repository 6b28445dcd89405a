import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import { createEngine } from '../src/engine/engine.ts'
import { compileRules } from '../src/generate/generate.ts'

/** Suites of Debian, each with the folder of its archive on a mirror. */
const SUITES = [
  ['bookworm', 'debian'],
  ['bookworm-backports', 'debian'],
  ['trixie', 'debian'],
  ['trixie-security', 'debian-security'],
  ['sid', 'debian'],
] as const

/** Mirrors that hold all of them, from public sources.list files. */
const MIRRORS = ['ftp.de.debian.org', 'mirrors.kernel.org', 'ftp.debian.org', 'mirror.leaseweb.com']

const ARCHITECTURES = 'amd64 arm64'

/** Where this host's apt takes its release from. */
const mirrorOfHost = (): string => {
  const printed = execFileSync('apt-get', ['update', '--print-uris'], { encoding: 'utf8' })
  const found = /^'(.+?)\/dists\/[^/'-]+\/InRelease'/m.exec(printed)?.[1]
  if (found === undefined) throw new Error("this host's apt has no mirror of a Debian release")
  return found
}

/** apt with a tree of its own: nothing of the host is touched. */
const makeTree = (folder: string): NodeJS.ProcessEnv => {
  for (const each of ['state/lists/partial', 'cache/archives/partial', 'etc/none.d'])
    mkdirSync(join(folder, each), { recursive: true })
  writeFileSync(join(folder, 'status'), '')
  const config = join(folder, 'apt.conf')
  writeFileSync(
    config,
    `Dir "${folder}/"; Dir::Etc "etc/"; Dir::Etc::main "none"; Dir::Etc::parts "none.d";
Dir::Etc::sourcelist "sources.list"; Dir::Etc::sourceparts "none.d"; Dir::Etc::trustedparts "none.d";
Dir::State "state/"; Dir::State::status "${folder}/status"; Dir::Cache "cache/";
APT::Architecture "amd64"; APT::Architectures {"amd64";"arm64";}; Acquire::Languages "none"; APT::Sandbox::User "root";
`,
  )
  const mirror = mirrorOfHost()
  const ring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const lines = SUITES.map(([suite, archive]) => {
    // An old copy of an unstable suite is past its date; its hashes are as true as ever.
    const options = `arch=${ARCHITECTURES.replace(' ', ',')} signed-by=${ring} check-valid-until=no`
    return `deb [${options}] ${archive === 'debian' ? mirror : mirror.replace(/\/debian$/, '/debian-security')} ${suite} main`
  })
  writeFileSync(join(folder, 'etc/sources.list'), `${lines.join('\n')}\n`)
  return { ...process.env, APT_CONFIG: config }
}

interface Pair {
  readonly archive: string
  readonly path: string
  readonly sha256: string
  readonly bytes: number
}

/**
 * Every package of the suites, with the hash that Debian signs.
 * @yields one package of one suite
 */
const pairsOf = function* (env: NodeJS.ProcessEnv): Generator<Pair> {
  const format = '$(FILENAME) $(CODENAME) $(SUITE) $(RELEASE)'
  const targets = execFileSync(
    'apt-get',
    ['indextargets', '--format', format, 'Identifier: Packages'],
    { env, encoding: 'utf8' },
  )
  for (const target of targets.trim().split('\n')) {
    const [file = ''] = target.split(' ')
    const archive = file.includes('security') ? 'debian-security' : 'debian'
    const { stdout } = spawnSync('/usr/lib/apt/apt-helper', ['cat-file', file], {
      env,
      maxBuffer: 1 << 30,
      encoding: 'latin1',
    })
    for (const stanza of stdout.split('\n\n')) {
      const path = /^Filename: (.*)$/m.exec(stanza)?.[1]
      const sha256 = /^SHA256: (.*)$/m.exec(stanza)?.[1]
      const bytes = /^Size: (\d+)$/m.exec(stanza)?.[1]
      if (path !== undefined && sha256 !== undefined)
        yield { archive, path, sha256, bytes: Number(bytes) }
    }
  }
}

/** How apt and how others write a name. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => path.replaceAll('+', '%2b').replaceAll('~', '%7e'),
  (path) => path,
]

const none: NonNullable<Measurement['bar']> = { of: 'ours', is: 'at most', limit: 0 }

/** Real URLs with real hashes: nothing of it is derived from the catalogue that is judged. */
export const trueHashes = (say: (line: string) => void): Measurement[] => {
  if (!existsSync('/usr/bin/apt-get')) return []
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-true-'))
  try {
    const env = makeTree(folder)
    say('true hashes: apt-get update of five suites and two architectures')
    execFileSync('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    const engine = createEngine(compileRules({ snapshot: true }))
    const hashOfKey = new Map<string, string>()
    const byHash = new Map<string, { bytes: number; urls: number; keys: Set<string> }>()
    let entries = 0
    let pairs = 0
    let keyed = 0
    let wrong = 0
    const seen = new Set<string>()
    for (const { archive, path, sha256, bytes } of pairsOf(env)) {
      entries++
      const id = `${archive}/${path}`
      if (seen.has(id)) continue
      seen.add(id)
      for (const [i, mirror] of MIRRORS.entries()) {
        const url = `http://${mirror}/${archive}/${SPELLINGS[i % SPELLINGS.length]!(path)}`
        pairs++
        const answered = engine.keyAt(url, 0)
        if (answered !== undefined) keyed++
        const key = answered ?? url
        const before = hashOfKey.get(key)
        if (before === undefined) hashOfKey.set(key, sha256)
        else if (before !== sha256 && wrong++ < 5) say(`wrong hit: ${url} -> ${key}`)
        const sharer = byHash.get(sha256) ?? { bytes, urls: 0, keys: new Set<string>() }
        sharer.urls++
        sharer.keys.add(key)
        byHash.set(sha256, sharer)
      }
      if (entries % 100_000 === 0) say(`true hashes: ${entries} entries`)
    }
    let shareable = 0
    let shared = 0
    for (const { bytes, urls, keys } of byHash.values()) {
      shareable += (urls - 1) * bytes
      shared += (urls - keys.size) * bytes
    }
    return [
      {
        what: "Debian's own entries, five suites, two architectures",
        unit: 'entries',
        ours: entries,
        bar: { of: 'ours', is: 'at least', limit: 400_000 },
      },
      { what: 'true pairs of URL and SHA-256', unit: 'pairs', ours: pairs },
      { what: 'of them with a key', unit: 'pairs', ours: keyed },
      { what: 'wrong hits on true hashes', unit: '', ours: wrong, bar: none },
      {
        what: 'shareable bytes that are shared, on true hashes',
        unit: '%',
        ours: (shared / shareable) * 100,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
