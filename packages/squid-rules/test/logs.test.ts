import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import {
  compileRules,
  createEngine,
  diagnose,
  DOCTOR_CODES,
  filesNamedIn,
  importMirrorList,
  importStoreIdDb,
  learn,
  simulate,
  type ConfigEvidence,
} from '../src/index.ts'
import { repositoryOfList } from '../src/operate/import.ts'
import { parseBuild } from '../src/operate/squid-build.ts'

const engine = createEngine(compileRules({ use: ['debian'], snapshot: true }))
const PACKAGE = 'debian/pool/main/b/bash/bash_1-1_amd64.deb'

const line = (
  host: string,
  rest: { result?: string; bytes?: number; key?: string; path?: string } = {},
): string => {
  const { result = 'TCP_MISS/200', bytes = 10_000, key, path = PACKAGE } = rest
  const note = key === undefined ? '' : ` "${key}"`
  return `1700000000.123     40 10.0.0.9 ${result} ${bytes} GET http://${host}/${path} - HIER_DIRECT/10.0.0.1 application/x-debian${note}`
}

describe('simulate', () => {
  it('counts what would have been saved, and files that came from two mirrors', () => {
    const found = simulate(engine, [
      line('mirrors.kernel.org'),
      line('ftp.de.debian.org'),
      line('ftp.de.debian.org', { result: 'TCP_HIT/200' }),
      'noise',
      '',
    ])
    expect(found).toMatchObject({
      requests: 3,
      unread: 1,
      bytes: 30_000,
      keyed: 3,
      savedBytes: 10_000,
      duplicates: 1,
      collisions: [],
    })
  })

  it('names files of different sizes under one key', () => {
    const { collisions } = simulate(engine, [
      line('mirrors.kernel.org'),
      line('ftp.de.debian.org', { bytes: 90_000 }),
    ])
    expect(collisions).toMatchObject([{ sizes: [10_000, 90_000] }])
  })

  it('counts what went past the helper', () => {
    expect(simulate(engine, [line('mirrors.kernel.org', { key: '-' })])).toMatchObject({
      bypassed: 1,
      bypassedBytes: 10_000,
    })
  })
})

const codes = (evidence: Parameters<typeof diagnose>[1]): string[] =>
  diagnose(engine, evidence).map(({ code }) => code)

const page = (rest: string): string => `Helper Statistics:\nprogram: x\nnumber active: ${rest}\n`

describe('doctor', () => {
  it('is content with a Squid that is well', () => {
    expect(
      codes({
        manager: page(
          '2 of 2 (0 shutting down)\nrequests sent: 900\nreplies received: 900\nqueue length: 0\navg service time: 0 msec',
        ),
      }),
    ).toEqual([])
  })

  it('finds dead, hung, slow and missing helpers', () => {
    expect(
      codes({
        manager: page(
          '1 of 2\nrequests sent: 900\nreplies received: 500\nqueue length: 7\navg service time: 500 msec',
        ),
      }),
    ).toEqual(['dead-helpers', 'unanswered', 'queue', 'slow-helper'])
    expect(codes({ manager: 'no such thing' })).toEqual(['no-helper'])
  })

  it('reads cache.log', () => {
    const cacheLog =
      'WARNING: store_id #Hlpr1 exited\nFATAL: The helpers are crashing too rapidly\nhelperHandleRead: unexpected reply on channel 5\nbootwire-squid: rules refused, x\n'
    expect(codes({ cacheLog })).toEqual(['crashing', 'wrong-answers', 'rules-refused'])
  })

  it('finds redirect loops and bypassed requests in access.log', () => {
    const loop = Array.from({ length: 6 }, () =>
      line('mirrors.kernel.org', { result: 'TCP_MEM_HIT/302' }),
    )
    expect(
      codes({ accessLog: [...loop, line('mirrors.kernel.org', { key: '-' })].join('\n') }),
    ).toEqual(['open-loop', 'bypassed'])
  })
})

const told = (...accessLog: string[]): string[] =>
  diagnose(engine, { accessLog: accessLog.join('\n') }).map(
    ({ severity, code, message }) => `${severity} ${code}: ${message}`,
  )

describe('doctor on access.log', () => {
  it('names denied hosts with counts, most refused first, tunnels too', () => {
    const tunnel =
      '1700000000.123 0 10.0.0.9 TCP_DENIED/403 3900 CONNECT b.example:443 - HIER_NONE/- text/html'
    const [denied, ...more] = told(
      line('a.example', { result: 'TCP_DENIED/403' }),
      tunnel,
      tunnel,
      line('a.example:8080', { result: 'TCP_DENIED_REPLY/403' }),
      tunnel,
    )
    expect(denied).toMatch(
      /^warning denied: 5 requests were refused: b\.example \(3\), a\.example \(2\);/,
    )
    expect(more).toEqual([])
  })

  it('names origins that failed with 502 and 503', () => {
    expect(
      told(
        line('a.example', { result: 'TCP_MISS/502' }),
        line('b.example', { result: 'NONE_NONE/503' }),
        line('a.example', { result: 'TCP_MISS/502' }),
      ),
    ).toEqual([
      'error failed-origin: 3 requests failed at their origin: a.example (2), b.example (1)',
    ])
  })

  it('counts the bytes of packages from hosts that no rule knows, and not of pages', () => {
    const html = line('b.example', { path: 'index.html', bytes: 9_000_000 })
    expect(told(line('a.example', { bytes: 40_000_000 }), html)).toEqual([
      expect.stringMatching(/^warning unkeyed: 40 MB of packages .* a\.example \(1\);/),
    ])
  })
})

const codesOf = (config: ConfigEvidence): string[] => codes({ config })

const lines = (...all: string[]): ConfigEvidence => ({ text: all.join('\n') })

describe('doctor on squid.conf', () => {
  const named = '"/etc/squid/bootwire/mirrors.txt"'

  it('finds `store_id_access deny all` before any allow, and no other', () => {
    expect(codesOf(lines('store_id_access deny all', 'store_id_access allow a'))).toEqual([
      'no-keys',
    ])
    expect(
      codesOf(lines('store_id_access deny query', ' store_id_access  deny  all # off')),
    ).toEqual(['no-keys'])
    expect(codesOf(lines('store_id_access allow a', 'store_id_access deny all'))).toEqual([])
    expect(codesOf(lines('#store_id_access deny all', 'store_id_access deny all !a'))).toEqual([])
  })

  it('names the files on which keys and access depend', () => {
    const text = `acl m dstdomain -n ${named}\nstore_id_program /usr/local/bin/bootwire-squid storeid /etc/x/rules.json\nacl q urlpath_regex /a/b`
    expect(filesNamedIn(text)).toEqual([
      '/etc/squid/bootwire/mirrors.txt',
      '/usr/local/bin/bootwire-squid',
      '/etc/x/rules.json',
    ])
  })

  it('tells a wrong --out by what is missing', () => {
    const [first] = diagnose(engine, {
      config: { text: `acl m dstdomain ${named}`, missing: ['/etc/squid/bootwire/mirrors.txt'] },
    })
    expect(first).toMatchObject({
      code: 'missing-file',
      severity: 'error',
      message: expect.stringContaining('was --out another folder than /etc/squid/bootwire?'),
    })
  })

  it('tells a wrong --out where older files lie at the place that squid.conf names', () => {
    const { text } = lines('# Generated by bootwire-squid for Squid 5.', `acl m dstdomain ${named}`)
    expect(codesOf({ text, file: '/srv/new/squid.conf' })).toEqual(['other-folder'])
    expect(codesOf({ text, file: '/etc/squid/bootwire/squid.conf' })).toEqual([])
    // Somebody's own squid.conf may lie anywhere.
    expect(codesOf({ text: `acl m dstdomain ${named}`, file: '/etc/squid/squid.conf' })).toEqual([])
  })
})

describe('the codes of doctor', () => {
  it('are all in its page', () => {
    const documented = readFileSync(new URL('../docs/doctor.md', import.meta.url), 'utf8')
    const rows = [...documented.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code)
    expect(new Set(rows)).toEqual(new Set(DOCTOR_CODES))
  })
})

describe('import', () => {
  it('reads the mirror lists of apt-cacher-ng', () => {
    const { mirrors, unused } = importMirrorList(
      '# list\nhttp://a.example/debian/\nhttp://HTTPS///b.example/debian/\n:::\n',
      'debian',
    )
    expect(mirrors).toEqual({ debian: ['a.example/debian', 'b.example/debian'] })
    expect(unused).toMatchObject([{ line: 4 }])
    expect(repositoryOfList('/usr/lib/apt-cacher-ng/deb_mirrors.gz')).toBe('debian')
  })

  it('reads the mirrors out of an existing storeid.db', () => {
    const { mirrors, unused } = importStoreIdDb(
      '^http:\\/\\/a\\.example\\/pub\\/fedora\\/(.*)\thttp://fedora.squid.internal/$1\n^http://[^.]+\\.b\\.c/(.*)\thttp://x.y/$1\nz  z\n',
    )
    expect(mirrors).toEqual({ fedora: ['a.example/pub/fedora'] })
    expect(unused.map(({ line: number }) => number)).toEqual([2, 3])
  })
})

describe('squid -v', () => {
  it.each([
    ["configure options: '--with-openssl' '--enable-ssl-crtd'", 'openssl'],
    ["configure options: '--with-gnutls'", 'gnutls'],
    ["configure options: '--disable-x'", 'none'],
  ])('says what a build can do: %s', (options, tls) => {
    expect(parseBuild(`Squid Cache: Version 5.7\n${options}\n`)).toEqual({ version: '5.7', tls })
    expect(parseBuild('sh: squid: not found')).toBeUndefined()
  })
})

const mirrors = (text: string): unknown => importMirrorList(text).mirrors

const packageAt = (host: string): string => line(host, { path: PACKAGE, bytes: 5000 })

describe('mirrors that people have written down', () => {
  it('loses what stands behind the prefix of a dnf mirror list', () => {
    expect(
      mirrors('# repo = BaseOS-9 arch = x86_64\nhttp://m.example/rocky/9.4/BaseOS/x86_64/os/\n'),
    ).toEqual({ rocky: ['m.example/rocky'] })
  })

  it.each([
    [
      'metalink XML',
      '<url protocol="http">http://m.example/pub/fedora/linux/updates/41/Everything/x86_64/repodata/repomd.xml</url>',
      { fedora: ['m.example/pub/fedora/linux'] },
    ],
    [
      "pacman's mirrorlist",
      '#Server = http://off.example/archlinux/$repo/os/$arch\nServer = http://m.example/arch/$repo/os/$arch',
      { arch: ['m.example/arch'] },
    ],
    [
      'a .repo file',
      '[epel]\nbaseurl=http://m.example/epel/$releasever/Everything/$basearch/',
      { epel: ['m.example/epel'] },
    ],
    [
      'sources.list',
      'deb [arch=amd64] http://m.example/debian bookworm main',
      { debian: ['m.example/debian'] },
    ],
    [
      'deb822',
      'Types: deb\nURIs: http://m.example/ubuntu\nSuites: noble',
      { ubuntu: ['m.example/ubuntu'] },
    ],
    [
      "apt's mirror file",
      'http://m.example/debian-security/\tpriority:1',
      { 'debian-security': ['m.example/debian-security'] },
    ],
  ])('reads %s', (_, text, expected) => {
    expect(mirrors(text)).toEqual(expected)
  })

  it('takes nothing from what it does not know, and says so', () => {
    const found = importMirrorList(
      'http://m.example/some/thing/\nhttp://n.example/9.4/BaseOS/x86_64/os/\n',
    )
    expect(found.mirrors).toEqual({})
    expect(found.unused.map(({ why }) => why)).toEqual([
      'has the layout of no known repository',
      expect.stringMatching(/^could be .*rocky/),
    ])
  })

  it('learns mirrors from a log, with the bytes that they would have saved', () => {
    const { lessons } = learn(engine, [
      packageAt('mirrors.kernel.org'),
      packageAt('new.example'),
      packageAt('new.example'),
    ])
    expect(lessons).toEqual([
      {
        repository: 'debian',
        mirror: 'new.example/debian',
        requests: 2,
        bytes: 10_000,
        savedBytes: 5000,
      },
    ])
  })
})

describe('aborted transfers', () => {
  it('are no collisions, whoever broke them off', () => {
    const found = simulate(engine, [
      line('mirrors.kernel.org', { bytes: 1_572_864 }),
      line('ftp.de.debian.org', { result: 'TCP_MISS_ABORTED/200', bytes: 524_288 }),
      line('ftp.de.debian.org', { result: 'TCP_HIT_ABORTED/200', bytes: 65_536 }),
    ])
    expect(found.collisions).toEqual([])
  })

  it('are read in the combined format too', () => {
    const text = `10.0.0.5 - - [25/Nov/2024:10:00:00 +0000] "GET http://mirrors.kernel.org/${PACKAGE} HTTP/1.1" 200 1572 "-" "apt" TCP_MISS:HIER_DIRECT`
    expect(simulate(engine, [text])).toMatchObject({ requests: 1, unread: 0, keyed: 1 })
  })
})
