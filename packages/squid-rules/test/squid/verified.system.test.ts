import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import type { Manifest, Options } from '../../src/index.ts'
import { copyEvil, makeKey, makePool, signTree, type TestKey } from './apt-tree.ts'
import { isHit, openBed, type Bed, type Squid } from './bed.ts'

const GOOD = 'http://mirrors.kernel.org/debian'
const OTHER = 'http://mirrors.tuna.tsinghua.edu.cn/mirror/debian'
const EVIL = 'http://mirrors.ustc.edu.cn/debian'

/** The helper looks for a new manifest every second. */
const settled = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1500))

const NAMES = Array.from({ length: 30 }, (_, i) => `tool${i}`)
const deb = (name: string): string => `pool/main/x/${name}_1.0%2bb1%7erc1_amd64.deb`

describeSystem('mode "verified"', () => {
  let bed: Bed
  let squid: Squid
  let folder: string
  let key: TestKey
  let rules: string
  let indexes: string

  const index = (...more: string[]): string => {
    const { text } = bed.cli('index', rules, '--squid', `${squid.address}:3128`, ...more)
    return text
  }
  const manifest = (): Manifest => JSON.parse(readFileSync(join(indexes, 'manifest.json'), 'utf8'))

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-verified-'))
    chmodSync(folder, 0o755)
    indexes = join(folder, 'indexes')
    mkdirSync(indexes)
    key = makeKey(folder, 'archive')
    makePool(join(folder, 'good'), NAMES)
    signTree(join(folder, 'good'), key)
    mkdirSync(join(folder, 'other'))
    writeFileSync(join(folder, 'other/x'), '')
    copyEvil(join(folder, 'good'), join(folder, 'evil'))
    const options: Options = {
      mode: 'verified',
      indexes,
      signed: [{ name: 'test', kind: 'deb', roots: [GOOD], suites: ['t'], keyring: key.ring }],
      // Only the cache host may purge.
      cache: { storage: 'memory', extra: ['http_port 127.0.0.1:3128'] },
    }
    rules = join(folder, 'rules.json')
    writeFileSync(rules, JSON.stringify(options))
    bed = await openBed()
    squid = await bed.startSquid(0, options)
    // The other mirror has the tree below another prefix.
    mkdirSync(join(folder, 'moved/mirror'), { recursive: true })
    bed.exec('cp', '-r', join(folder, 'good/debian'), join(folder, 'moved/mirror/debian'))
    await bed.serve({
      '10.79.0.2': join(folder, 'good'),
      '10.79.0.3': join(folder, 'moved'),
      '10.79.0.4': join(folder, 'evil'),
    })
  }, 120_000)
  afterAll(async () => {
    await bed.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('starts from a configuration that Squid reads without an unexpected word', () => {
    expect(squid.parsed).toEqual([])
  })

  it('reads the signed index through the cache', () => {
    expect(index()).toContain(`test: ${NAMES.length} files, grade signed`)
  })

  it('shares nothing of a mirror that no index vouches for, though it is asked first', async () => {
    await settled()
    const evil = await bed.get(`${EVIL}/${deb('tool0')}`)
    const good = await bed.get(`${GOOD}/${deb('tool0')}`)
    expect([evil.status, good.status]).toEqual([200, 200])
    expect(isHit(good)).toBe(false)
    expect(good.headers['content-length']).toBe(evil.headers['content-length'])
  })

  describe('when clients have used other mirrors', () => {
    it('learns them by their signed index, on probation: the evil one too', async () => {
      for (const root of [OTHER, EVIL]) await bed.get(`${root}/dists/t/InRelease`)
      await expect.poll(squid.accessLog).toContain(`${EVIL}/dists/t/InRelease`)
      const said = index('--access-log', join(squid.folder, 'log/access.log'))
      expect(said).toContain('mirrors.ustc.edu.cn/debian (probation)')
      expect(said).toContain('mirrors.tuna.tsinghua.edu.cn/mirror/debian (probation)')
    })

    it('shares nothing while they are on probation, whoever is asked first', async () => {
      await settled()
      const evil = await bed.get(`${EVIL}/${deb('tool1')}`)
      const good = await bed.get(`${GOOD}/${deb('tool1')}`)
      expect([evil.status, isHit(good)]).toEqual([200, false])
    })

    it('puts out the one whose files are wrong, and trusts the one whose first twenty are right', async () => {
      for (const name of NAMES.slice(2, 24)) {
        await bed.get(`${OTHER}/${deb(name)}`)
        await bed.get(`${EVIL}/${deb(name)}`)
      }
      await expect.poll(squid.accessLog).toContain(`${EVIL}/${deb(NAMES[23]!)}`)
      const { code, text } = bed.cli(
        'check',
        rules,
        join(squid.folder, 'log/access.log'),
        '--squid',
        '127.0.0.1:3128',
      )
      expect(text).toContain('wrong hash: http://mirrors.ustc.edu.cn/debian/pool')
      expect(code).toBe(1)
      const places = manifest().repositories[0]!.places.map(({ mirror, state }) => [mirror, state])
      expect(places).toContainEqual(['mirrors.ustc.edu.cn/debian', 'out'])
      expect(places).toContainEqual(['mirrors.tuna.tsinghua.edu.cn/mirror/debian', 'trusted'])
    })

    it('then shares the right bytes between mirrors with other prefixes, and never the wrong ones', async () => {
      await settled()
      const first = await bed.get(`${OTHER}/${deb('tool25')}`)
      // Written in another way, as curl and pacman do.
      const second = await bed.get(
        `${GOOD}/${deb('tool25').replace('%2b', '+').replace('%7e', '~')}`,
      )
      expect([isHit(second), second.bytes]).toEqual([true, first.bytes])
      expect(isHit(await bed.get(`${EVIL}/${deb('tool25')}`))).toBe(false)
    })
  })

  it('drops a copy of a trusted mirror that turns out to be wrong', async () => {
    await bed.serve({ '10.79.0.2': join(folder, 'evil'), '10.79.0.3': join(folder, 'moved') })
    await bed.get(`${GOOD}/${deb('tool26')}`)
    await expect.poll(squid.accessLog).toContain(deb('tool26'))
    const { text } = bed.cli(
      'check',
      rules,
      join(squid.folder, 'log/access.log'),
      '--squid',
      '127.0.0.1:3128',
    )
    expect(text).toContain(`${deb('tool26')}, dropped`)
    expect(isHit(await bed.get(`${OTHER}/${deb('tool26')}`))).toBe(false)
  })
})
