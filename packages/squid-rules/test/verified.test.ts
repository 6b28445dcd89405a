import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  createPackagesReader,
  isSafePath,
  parseRelease,
  type IndexEntry,
} from '../src/verified/deb.ts'
import { readStatus } from '../src/verified/gpgv.ts'
import { indexOnce, rootsSeen, type IndexRun } from '../src/verified/indexer.ts'
import { openVerified } from '../src/verified/open.ts'
import { hashText } from '../src/verified/path-hash.ts'
import { createPrimaryReader, parseRepomd } from '../src/verified/rpm.ts'
import { createTableWriter, openTable } from '../src/verified/table.ts'
import { unpack } from '../src/verified/unpack.ts'

const KEY = Buffer.from('0001020304050607', 'hex')
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

const HASH = 'ab'.repeat(32)

const good = (fingerprint: string): string =>
  `[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG X y\n[GNUPG:] VALIDSIG S 2026-01-01 1 0 4 0 1 8 01 ${fingerprint}\n`

const packageAt = (location: string): string =>
  `<package type="rpm"><checksum type="sha256" pkgid="YES">${HASH}</checksum><size package="9" installed="1"/><location ${location}/></package>`

const primary = (hash: string): string =>
  `<metadata><package type="rpm"><checksum type="sha256" pkgid="YES">${hash}</checksum><size package="9"/><location href="a.rpm"/></package></metadata>`

const repomd = (text: string, seconds: number): string =>
  `<repomd><data type="primary"><checksum type="sha256">${sha256(text)}</checksum><location href="repodata/p.xml"/><timestamp>${seconds}</timestamp><size>${text.length}</size><open-size>${text.length}</open-size></data></repomd>`

const readAll = (text: string): unknown => [entriesOf(text), parseRelease(text), parseRepomd(text)]

const repositoryAt = (root: string, hash: string, seconds: number): Record<string, string> => ({
  [`${root}/repodata/repomd.xml`]: repomd(primary(hash), seconds),
  [`${root}/repodata/p.xml`]: primary(hash),
})

describe('the hash of a path', () => {
  it('is HalfSipHash-2-4 with 64 bits: the first vectors of its authors', () => {
    const key = { low: 0x03020100, high: 0x07060504 }
    const text = String.fromCharCode(...Array.from({ length: 16 }, (_, i) => i))
    const hashOf = (length: number): string => {
      const out = { high: 0, low: 0 }
      hashText(key, text, 0, length, out)
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32LE(out.low, 0)
      bytes.writeUInt32LE(out.high, 4)
      return bytes.toString('hex')
    }
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(hashOf)).toEqual([
      '218d1f59b9b83cc8',
      'be552412f8387315',
      '064f39ef7c50eb57',
      'ce0f1a45f7060679',
      'd5e78a175be52ea1',
      'cb9d7c3f2f3db580',
      'ce3e91358aa2bc25',
      'ff202728b07bc684',
    ])
  })
})

describe('a table of paths', () => {
  it('gives back every value that was put in, and nothing for any other path', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 }), (paths) => {
        const writer = createTableWriter(32, KEY)
        const half = paths.slice(0, paths.length >> 1)
        for (const path of half) writer.add(path, createHash('sha256').update(path).digest())
        const table = openTable(writer.write())
        const found = paths.map((path) => {
          const at = table.find(path, 0, path.length)
          return at < 0 ? undefined : Buffer.from(table.bytes.subarray(at, at + 32)).toString('hex')
        })
        expect(found).toEqual(paths.map((path) => (half.includes(path) ? sha256(path) : undefined)))
      }),
    )
  })

  it('drops a path that comes with two values, and keeps the rest', () => {
    const writer = createTableWriter(32, KEY)
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
    for (const [path, value] of [
      ['a', one],
      ['b', one],
      ['a', two],
      ['b', one],
    ] as const)
      writer.add(path, value)
    const table = openTable(writer.write())
    expect([table.find('a', 0, 1) < 0, table.find('b', 0, 1) >= 0, writer.conflicts()]).toEqual([
      true,
      true,
      1,
    ])
  })

  it('refuses a file that is cut short or of another version', () => {
    const bytes = createTableWriter(32, KEY).write()
    expect(() => openTable(bytes.subarray(0, 20))).toThrow('cut short')
    expect(() => openTable(new Uint8Array(64))).toThrow('another version')
  })
})

describe('gpgv', () => {
  it.each([
    [
      'one of two signers is known',
      `[GNUPG:] NEWSIG\n[GNUPG:] ERRSIG Z\n[GNUPG:] NO_PUBKEY Z\n${good('AA')}`,
      'AA',
    ],
    [
      'its key has expired',
      '[GNUPG:] NEWSIG\n[GNUPG:] EXPKEYSIG X y\n[GNUPG:] VALIDSIG S 1 1 0 4 0 1 8 01 AA\n',
      undefined,
    ],
    [
      'its key was revoked',
      '[GNUPG:] NEWSIG\n[GNUPG:] REVKEYSIG X y\n[GNUPG:] VALIDSIG S 1 1 0 4 0 1 8 01 AA\n',
      undefined,
    ],
    ['another signature is bad', `${good('AA')}[GNUPG:] NEWSIG\n[GNUPG:] BADSIG X y\n`, undefined],
    ['its key is not one of those allowed', good('BB'), undefined],
    ['there is none', '', undefined],
  ])('is read by its status lines where %s', (_, status, expected) => {
    const found = readStatus(status, ['AA'])
    expect('fingerprint' in found ? found.fingerprint : undefined).toBe(expected)
  })
})

const entriesOf = (text: string, size = 7): { entries: IndexEntry[]; dropped: string[] } => {
  const entries: IndexEntry[] = []
  const dropped: string[] = []
  const reader = createPackagesReader(
    (entry) => entries.push(entry),
    (why) => dropped.push(why),
  )
  for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size))
  reader.end()
  return { entries, dropped }
}

describe('a list of packages', () => {
  it('is read in pieces of any size', () => {
    const text = `Package: a\nFilename: pool/a+b.deb\nSize: 12\nSHA256: ${HASH}\n\nPackage: b\nFilename: ./b.deb\nSize: 3\nSHA256: ${HASH}\n`
    expect(entriesOf(text).entries.map(({ path }) => path)).toEqual(['pool/a+b.deb', 'b.deb'])
    expect(entriesOf(text, 1)).toEqual(entriesOf(text, 1000))
  })

  it.each([
    '../a.deb',
    'pool/../../a.deb',
    '/etc/passwd',
    'pool//a.deb',
    'pool/a b.deb',
    'pool\\a.deb',
  ])('loses an entry that leaves its root: %s', (path) => {
    expect(isSafePath(path)).toBe(false)
    expect(entriesOf(`Filename: ${path}\nSize: 1\nSHA256: ${HASH}\n`).dropped).toEqual(['escapes'])
  })

  it('loses an entry of primary.xml that lies elsewhere, and keeps the rest', () => {
    const entries: IndexEntry[] = []
    const dropped: string[] = []
    const reader = createPrimaryReader(
      (entry) => entries.push(entry),
      (why) => dropped.push(why),
    )
    const xml = `<metadata>${packageAt('href="Packages/a.rpm"')}${packageAt('xml:base="http://elsewhere/" href="b.rpm"')}${packageAt('href="../c.rpm"')}${packageAt("href='d&amp;e.rpm'")}</metadata>`
    for (let at = 0; at < xml.length; at += 11) reader.push(xml.slice(at, at + 11))
    expect(entries.map(({ path }) => path)).toEqual(['Packages/a.rpm', 'd&e.rpm'])
    expect(dropped).toEqual(['elsewhere', 'escapes'])
  })

  it('stops at the size that its signed list names, however small it was packed', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    let seen = 0
    const why = await unpack('Packages.gz', bomb, 1_000_000, (text) => void (seen += text.length))
    expect(why).toContain('more than the 1000000 bytes')
    expect(seen).toBeLessThan(2_000_000)
  })

  it('is read whatever bytes it holds', () => {
    expect(() => fc.assert(fc.property(fc.string(), (text) => void readAll(text)))).not.toThrow()
  })
})

describe('the indexer', () => {
  let folder: string
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-index-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = async (
    files: Readonly<Record<string, string>>,
    more: Partial<IndexRun> = {},
  ): Promise<{ said: string[]; manifest: Awaited<ReturnType<typeof indexOnce>> }> => {
    const said: string[] = []
    const manifest = await indexOnce({
      sources: [{ name: 'el', kind: 'rpm', roots: ['https://mirror.example/el'] }],
      folder,
      nowMs: 1,
      fetch: async (url) => {
        const text = Object.hasOwn(files, url) ? files[url] : undefined
        return text === undefined
          ? { status: 404, bytes: Buffer.alloc(0) }
          : { status: 200, bytes: Buffer.from(text) }
      },
      say: (code) => void said.push(code),
      ...more,
    })
    return { said, manifest }
  }
  const ROOT = 'https://mirror.example/el'

  it('gives the hash of an index that came by https from a named host, and says its grade', async () => {
    const { manifest } = await run(repositoryAt(ROOT, HASH, 100))
    expect(manifest.repositories).toMatchObject([{ name: 'el', grade: 'tls' }])
    const engine = openVerified(folder)
    expect(engine.keyAt(`${ROOT}/a.rpm`, 0)).toBe(
      `http://verified.pkg.squid.internal/sha256/${HASH}`,
    )
    expect(engine.keyAt(`${ROOT}/b.rpm`, 0)).toBeUndefined()
    expect(engine.keyAt('http://evil.example/el/a.rpm', 0)).toBeUndefined()
  })

  it('refuses an older index after a newer one, and keeps what it has', async () => {
    const before = (await run(repositoryAt(ROOT, HASH, 100))).manifest
    const { said, manifest } = await run(repositoryAt(ROOT, 'cd'.repeat(32), 50), { before })
    expect(said).toEqual(['replay'])
    expect(manifest).toEqual(before)
  })

  it('refuses an index that came by http and that nobody signed', async () => {
    const { said, manifest } = await run(repositoryAt('http://mirror.example/el', HASH, 1), {
      sources: [{ name: 'el', kind: 'rpm', roots: ['http://mirror.example/el'] }],
    })
    expect([said, manifest.repositories]).toEqual([['not-verified'], []])
  })

  it('refuses a list that is not the one that is named', async () => {
    const files = {
      ...repositoryAt(ROOT, HASH, 1),
      [`${ROOT}/repodata/p.xml`]: primary('cd'.repeat(32)),
    }
    expect((await run(files)).said).toEqual(['missing'])
  })

  it('finds where clients have read indexes', () => {
    expect(
      rootsSeen([
        'http://a.example/debian/dists/bookworm/InRelease',
        'http://a.example/debian/dists/bookworm-updates/InRelease',
        'http://b.example/el/repodata/repomd.xml',
        'http://b.example/x?y=/dists/z/InRelease',
      ]),
    ).toEqual(['http://a.example/debian', 'http://b.example/el'])
  })
})
