import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { compileRules, createEngine, diagnose } from '../../src/index.ts'
import { isHit, openBed, squidAddress, type Answer, type Bed, type Squid } from './bed.ts'
import { RELEASE } from './release.ts'

const A = 'http://mirrors.kernel.org/debian'
const B = 'http://mirrors.tuna.tsinghua.edu.cn/debian'
const SITE = 'http://debian.cache0.lan/debian'

let number = 0
/** A package that no other test has asked for. */
const deb = (mark = 'x'): string => `pool/main/b/bash/${mark}_${++number}-1_amd64.deb`

describeSystem('Squid with generated rules', () => {
  for (const helper of ['stock', 'bootwire'] as const) {
    describe(`and the ${helper} helper`, () => {
      let bed: Bed
      let squid: Squid

      beforeAll(async () => {
        bed = await openBed()
        squid = await bed.startSquid(0, {
          use: ['debian', 'rocky'],
          cache: {
            helper,
            proxy: 'both',
            storage: 'memory',
            access: 'strict',
            alsoAllow: ['*.squid.internal'],
            sites: [{ host: 'debian.cache0.lan', repository: 'debian', origin: A }],
          },
        })
      })
      afterAll(() => bed.close())

      it('is the Squid that was asked for', () => {
        const [, version] = /Starting Squid Cache version (\d+)\./.exec(squid.cacheLog()) ?? []
        expect(version).toBe(RELEASE.version)
      })

      it('starts from a configuration that Squid reads without an unexpected word', () => {
        expect(squid.parsed).toEqual([])
      })

      it("serves the first mirror's bytes to who asks the second, which is never asked", async () => {
        const path = deb()
        const first = await bed.get(`${A}/${path}`)
        const second = await bed.get(`${B}/${path}`)
        expect(first.text).toContain('10.79.0.2 ')
        expect(second.text).toBe(first.text)
        expect(isHit(second)).toBe(true)
        expect((await bed.seen()).map(({ ip }) => ip)).toEqual(['10.79.0.2'])
      })

      it('never merges mutable files', async () => {
        for (const path of [
          'dists/bookworm/InRelease',
          'dists/bookworm/main/binary-amd64/Packages.xz',
        ]) {
          await bed.get(`${A}/${path}`)
          expect((await bed.get(`${B}/${path}`)).text).toContain('10.79.0.3 ')
        }
        await bed.seen()
      })

      it('ends a redirect from one mirror to the other', async () => {
        const path = deb('redirect-to-mirrors.tuna.tsinghua.edu.cn-end')
        const first = await bed.get(`${A}/${path}`)
        expect(first.status).toBe(302)
        expect(first.headers['location']).toBe(`${B}/${path}`)
        const second = await bed.get(`${B}/${path}`)
        expect(second.status).toBe(200)
        expect((await bed.get(`${A}/${path}`)).status).toBe(200)
        await bed.seen()
      })

      it('fetches once when a Range comes first and the whole file from the other mirror next', async () => {
        const path = deb('big-300000')
        const range = await bed.get(`${A}/${path}`, { headers: { Range: 'bytes=100-199' } })
        expect([range.status, range.bytes]).toEqual([206, 100])
        const whole = await bed.get(`${B}/${path}`)
        expect([whole.status, whole.bytes, isHit(whole)]).toEqual([200, 300_000, true])
        expect(await bed.seen()).toMatchObject([{ ip: '10.79.0.2' }])
      })

      it('fetches once when two mirrors are asked at the same moment', async () => {
        const path = deb('slow')
        const answers = await bed.getAll([`${A}/${path}`, `${B}/${path}`])
        expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
        expect(await bed.seen()).toHaveLength(1)
      })

      it('refuses a host that is no mirror', async () => {
        expect((await bed.get(`http://evil.example/debian/${deb()}`)).status).toBe(403)
        expect(await bed.seen()).toEqual([])
      })

      it('has no key fetched as a URL, though its domain is allowed', async () => {
        const path = deb()
        const key = `http://debian.pkg.squid.internal/indexed/${path}`
        expect((await bed.get(key)).status).toBe(403)
        expect((await bed.get(`${A}/${path}`)).text).toContain('10.79.0.2 ')
        expect((await bed.get(key)).status).toBe(403)
        await bed.seen()
      })

      it('keys neither a query nor a request with credentials', async () => {
        const path = deb()
        await bed.get(`${A}/${path}`)
        const others = [
          await bed.get(`${B}/${path}?x=1`),
          await bed.get(`${B}/${path}`, { headers: { Authorization: 'Basic Ym9v' } }),
          await bed.get(`${B}/${path}`, { headers: { Cookie: 'a=b' } }),
          // Squid takes the name out of the URL before it asks the helper.
          await bed.get(`${B.replace('//', '//user:word@')}/${path}`),
        ]
        expect(others.map(({ text }) => text.slice(0, 9))).toEqual(others.map(() => '10.79.0.3'))
        await bed.seen()
      })

      it('drops the shared copy by a PURGE that names any mirror', async () => {
        const path = deb()
        await bed.get(`${A}/${path}`)
        // Only the machine itself may purge.
        const refused = await bed.get(`${B}/${path}`, { method: 'PURGE' })
        expect(refused.status).toBe(403)
        expect(isHit(await bed.get(`${B}/${path}`))).toBe(true)
        const purge = { method: 'PURGE', localAddress: '127.0.0.1' }
        expect((await bed.get(`${B}/${path}`, purge)).status).toBe(200)
        expect((await bed.get(`${B}/${path}`)).text).toContain('10.79.0.3 ')
        await bed.seen()
      })

      it('heals a bad copy when a client sends no-cache', async () => {
        const path = deb()
        await bed.get(`${A}/${path}`)
        const healed = await bed.get(`${B}/${path}`, { headers: { 'Cache-Control': 'no-cache' } })
        expect(healed.text).toContain('10.79.0.3 ')
        expect((await bed.get(`${A}/${path}`)).text).toBe(healed.text)
        await bed.seen()
      })

      it('shares one object between the accelerator and the proxy', async () => {
        const path = deb()
        const proxy = `${squidAddress(0)}:80`
        const first = await bed.get(`${SITE}/${path}`, { proxy, headers: { 'X-Origin-Form': '1' } })
        expect([first.status, first.text.slice(0, 9)]).toEqual([200, '10.79.0.2'])
        const second = await bed.get(`${B}/${path}`)
        expect([second.text, isHit(second)]).toEqual([first.text, true])
        expect(await bed.seen()).toHaveLength(1)
      })

      it('serves clients whose URLs hold any bytes', async () => {
        const urls = [
          `${A}/pool/caf\u00e9.deb`,
          `${A}/pool/%00.deb`,
          `${A}/pool/a%20b.deb`,
          `${A}/${'x'.repeat(7000)}.deb`,
        ]
        const answers = await bed.getAll(
          urls.map((url) => encodeURI(decodeURI(url)).replaceAll('%25', '%')),
        )
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
        await bed.seen()
      })

      it('is well, says doctor', async () => {
        const manager = await squid.manager('store_id')
        expect(manager.text).toContain('number active: 2 of 2')
        const engine = createEngine(compileRules({ use: ['debian', 'rocky'], snapshot: true }))
        const found = diagnose(engine, { manager: manager.text, cacheLog: squid.cacheLog() })
        expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
      })

      it('serves clients while a helper hangs', async () => {
        await bed.get(`${A}/${deb()}`)
        const [pid] = squid.helperPids()
        process.kill(pid!, 'SIGSTOP')
        const urls = Array.from({ length: 20 }, () => `${A}/${deb()}`)
        const answers: Answer[] = []
        for (const url of urls) answers.push(await bed.get(url, { timeoutMs: 700 }))
        process.kill(pid!, 'SIGCONT')
        // Squid has no time limit for a helper's answer: one request may wait, the next go to another helper.
        expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(17)
        await bed.seen()
      })

      it('serves clients when every helper is killed, and gives keys again', async () => {
        const exits = (): number => squid.cacheLog().split(/store_id #\w+ exited/).length - 1
        const [pids, before] = [squid.helperPids(), exits()]
        for (const pid of pids) process.kill(pid, 'SIGKILL')
        // Squid asserts when a request meets a helper whose pipe it is closing (docs/operating.md).
        await expect.poll(exits, { timeout: 5000 }).toBe(before + pids.length)
        const path = deb()
        const answers = [await bed.get(`${A}/${path}`), await bed.get(`${A}/${path}`)]
        expect(answers.map(({ status, text }) => status || text)).toEqual([200, 200])
        const again = deb()
        await bed.get(`${A}/${again}`)
        expect(isHit(await bed.get(`${B}/${again}`))).toBe(true)
      })
    })
  }
})
