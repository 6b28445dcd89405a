import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { openBed, squidAddress, type Bed, type Squid } from './bed.ts'

const DEB = 'debian/pool/main/b/bash/bash_1-1_amd64.deb'

/** The cache host itself, its neighbours on the link, and a cloud's metadata service, as people spell them. */
const NEAR = [
  '127.0.0.1',
  '127.1.2.3',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '0.0.0.0',
  '0',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '017700000001',
  '169.254.169.254',
  '[fe80::1]',
  'localhost',
  'localhost.',
  'loopback.example',
  'metadata.example',
  'own.example',
  squidAddress(0),
]

describeSystem('what may be fetched', () => {
  let bed: Bed
  beforeAll(async () => {
    bed = await openBed([
      '127.0.0.1 loopback.example',
      '169.254.169.254 metadata.example',
      `${squidAddress(0)} own.example`,
    ])
  })
  afterAll(() => bed.close())

  describe('by default', () => {
    let squid: Squid
    beforeAll(async () => {
      const never = [squidAddress(0), squidAddress(1)]
      squid = await bed.startSquid(0, { use: ['debian'], cache: { storage: 'memory', never } })
    })

    it('is read by Squid without an unexpected word', () => {
      expect(squid.parsed).toEqual([])
    })

    it('is any host, without a key', { timeout: 60_000 }, async () => {
      // The first request starts the helper.
      await bed.get(`http://mirrors.kernel.org/first_${DEB}`, { timeoutMs: 40_000 })
      expect(await bed.get(`http://evil.example/${DEB}`)).toMatchObject({ status: 200 })
      expect((await bed.get(`http://mirrors.kernel.org/${DEB}`)).text).toContain('10.79.0.2 ')
      await bed.seen()
    })

    it('is a tunnel to port 443, and to no other port', async () => {
      // Nobody listens there: the tunnel is allowed and fails.
      expect(await bed.connect('mirrors.kernel.org:443')).toBe(503)
      expect(await bed.connect('mirrors.kernel.org:22')).toBe(403)
    })

    it('is asked for by the cache host itself too', async () => {
      const url = `http://mirrors.kernel.org/${DEB}`
      expect((await bed.get(url, { localAddress: '127.0.0.1' })).status).toBe(200)
    })

    it.each(NEAR)('is never %s', async (host) => {
      const answer = await bed.get(`http://${host}/latest/meta-data/`)
      expect([answer.status, await bed.connect(`${host}:443`)]).toEqual([403, 403])
      expect(await bed.seen()).toEqual([])
    })

    it('is told by doctor, with the hosts that were refused and the one that failed', async () => {
      const { folder, accessLog } = squid
      await expect.poll(accessLog).toContain(':22 ')
      const { code, text } = bed.cli('doctor', '--access-log', join(folder, 'log/access.log'))
      expect(text).toMatch(/^warning denied: \d+ requests were refused: 127\.0\.0\.1 \(\d+\), /m)
      expect(text).toMatch(
        /^error failed-origin: 1 request failed at their origin: mirrors\.kernel\.org \(1\)/m,
      )
      expect(code).toBe(1)
    })

    it('is an address at once, which is not looked up backwards', async () => {
      const { status, ms } = await bed.get(`http://10.79.0.2/${DEB}`)
      expect(status).toBe(200)
      expect(ms).toBeLessThan(2000)
      await bed.seen()
    })
  })

  describe('when strict', () => {
    let parsed: readonly string[]
    beforeAll(async () => {
      const cache = { storage: 'memory', access: 'strict', alsoAllow: ['evil.example'] } as const
      parsed = (await bed.startSquid(1, { use: ['debian', 'fedora'], cache })).parsed
    })
    const ask = { proxy: `${squidAddress(1)}:3128` }

    it('is read by Squid without an unexpected word', () => {
      expect(parsed).toEqual([])
    })

    it('is a known mirror and what was added', { timeout: 60_000 }, async () => {
      const url = `http://mirrors.kernel.org/${DEB}`
      expect((await bed.get(url, { ...ask, timeoutMs: 40_000 })).status).toBe(200)
      expect((await bed.get(`http://evil.example/${DEB}`, ask)).status).toBe(200)
      await bed.seen()
    })

    it.each(['made-up.example', '10.79.0.3', '198.51.100.7', '[2001:db8::1]'])(
      'is not %s, which is refused before the DNS is asked, with the line to add',
      async (host) => {
        const { status, ms, text } = await bed.get(`http://${host}/${DEB}`, ask)
        expect([status, text.includes(host)]).toEqual([403, true])
        expect(ms).toBeLessThan(1000)
        expect(await bed.connect(`${host}:443`, ask)).toBe(403)
      },
    )
  })
})
