import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { generate, lintSquidConf, type CacheOptions, type Options } from '../src/index.ts'
import { RELEASE } from '../test/squid/release.ts'

/** What `squid -k parse` may say: its own noise, and the warnings that docs/squid-conf.md lists as expected. */
const EXPECTED: readonly RegExp[] = [
  /Startup: /,
  /Processing/,
  /Initializing (?:https|cache_peer)/,
  /violates HTTP$/,
]

/** A mount namespace, as a newer Squid brings its libraries. */
const SQUID = ['-m', ...RELEASE.command('gnutls')]

const SITE = {
  host: 'debian.cache.lan',
  repository: 'debian',
  origin: 'http://mirrors.kernel.org/debian',
}
const SECURE = {
  host: 'rocky.cache.lan',
  repository: 'rocky',
  origin: 'https://mirror.example:8443/rocky',
}

/**
 * Every set-up that differs in what squid.conf says.
 * @yields options for generate
 */
export const configurations = function* (): Generator<Options> {
  const modes: Options[] = [
    {},
    {
      mode: 'pinned',
      origins: {
        debian: 'http://mirrors.kernel.org/debian',
        rocky: 'https://mirror.example/rocky',
      },
    },
  ]
  const proxies: CacheOptions[] = [
    { proxy: 'forward' },
    { proxy: 'accelerator', sites: [SITE, SECURE] },
    { proxy: 'both', sites: [SITE] },
  ]
  const storages: CacheOptions[] = [{}, { storage: 'memory' }, { workers: 2 }, { storage: 'rock' }]
  const more: CacheOptions[] = [
    {},
    { siblings: [{ host: '10.0.0.7' }, { host: '10.0.0.8', httpPort: 8080, icpPort: 3131 }] },
    {
      alsoAllow: ['*.example.org', 'example.com'],
      clients: ['10.1.0.0/16', 'fd00::/8'],
      freshDays: 365,
    },
  ]
  for (const mode of modes) {
    for (const proxy of proxies) {
      for (const storage of storages) {
        for (const rest of more) {
          for (const helper of ['bootwire', 'stock'] as const) {
            if (mode.mode === 'pinned' && helper === 'stock') continue
            for (const version of ['4', '5', '6', '7', '3.5'] as const) {
              // The word for TLS to an origin was another before Squid 4, and 5.7 does not know it.
              const sites = version === '3.5' && proxy.sites ? { sites: [SITE] } : {}
              yield { ...mode, cache: { ...proxy, ...sites, ...storage, ...rest, helper, version } }
            }
          }
        }
      }
    }
  }
}

export interface Parsed {
  readonly parsed: number
  readonly unexpected: readonly string[]
}

/** Runs `squid -k parse` on every one of them. */
export const parseAll = (all: Iterable<Options>): Parsed => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-parse-'))
  const unexpected: string[] = []
  let parsed = 0
  try {
    chmodSync(folder, 0o755)
    const program = join(folder, 'helper')
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
    for (const options of all) {
      const helper = options.cache?.helper === 'stock' ? {} : { program }
      const { files } = generate({
        snapshot: false,
        ...options,
        cache: { ...options.cache, ...helper, directory: folder },
      })
      for (const name of ['squid.conf', 'mirrors.txt', 'rules.json'])
        writeFileSync(join(folder, name), files[name]!)
      const { status, stderr, stdout } = spawnSync(
        'unshare',
        [...SQUID, '-k', 'parse', '-f', join(folder, 'squid.conf')],
        { encoding: 'utf8' },
      )
      const said = `${stdout}${stderr}`
        .split('\n')
        .filter((line) => line !== '' && !EXPECTED.some((each) => each.test(line)))
      const faults = lintSquidConf(files['squid.conf']!).filter(
        ({ code }) => code !== 'overload' || options.cache?.version !== '3.5',
      )
      if (status !== 0 || said.length > 0 || faults.length > 0) {
        unexpected.push(JSON.stringify({ cache: options.cache, said, faults }))
      }
      parsed++
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { parsed, unexpected }
}
