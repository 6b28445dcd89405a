import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import type { Options } from '../../src/index.ts'
import { openBed, squidAddress, type Answer, type Bed } from './bed.ts'

const A = 'http://mirrors.kernel.org/debian'
const B = 'http://mirrors.tuna.tsinghua.edu.cn/debian'
const EVIL = 'http://mirrors.ustc.edu.cn/debian'

type Helper = 'stock' | 'bootwire'

/** One of two that ask each other. */
const withSibling = (helper: Helper, other: number): Options => ({
  use: ['debian'],
  cache: { storage: 'memory', helper, siblings: [{ host: squidAddress(other) }] },
})

describeSystem('several processes and several Squids', () => {
  describe.for(['stock', 'bootwire'] as const)('with the %s helper', (helper) => {
    let bed: Bed
    beforeAll(async () => {
      bed = await openBed()
    })
    afterAll(() => bed.close())

    it('two workers share one rock cache and its keys', async () => {
      const squid = await bed.startSquid(0, {
        use: ['debian'],
        cache: { workers: 2, helper, extra: ['cpu_affinity_map process_numbers=1 cores=1'] },
      })
      expect(squid.parsed).toEqual([])
      const path = 'pool/main/b/bash/bash_2-1_amd64.deb'
      await bed.get(`${A}/${path}`)
      const answers: Answer[] = []
      // A worker starts its two helpers at its first request; the kernel chooses who gets a connection.
      for (let i = 0; i < 300 && squid.helperPids().length < 4; i++) {
        answers.push(...(await bed.getAll(Array.from({ length: 24 }, () => `${B}/${path}`))))
      }
      expect(new Set(answers.map(({ text }) => text.slice(0, 9)))).toEqual(new Set(['10.79.0.2']))
      expect(await bed.seen()).toHaveLength(1)
      // With startup above 0 the disker and the coordinator would start some too, for nothing.
      expect(squid.helperPids()).toHaveLength(4)
    })

    it('a sibling is asked by key, so it has the file under the other mirror too', async () => {
      const one = await bed.startSquid(1, withSibling(helper, 2))
      const two = await bed.startSquid(2, withSibling(helper, 1))
      expect([...one.parsed, ...two.parsed]).toEqual([])
      const path = 'pool/main/b/bash/bash_3-1_amd64.deb'
      const first = await bed.get(`${A}/${path}`, { proxy: `${one.address}:3128` })
      const second = await bed.get(`${B}/${path}`, { proxy: `${two.address}:3128` })
      expect(second.text).toBe(first.text)
      expect(await bed.seen()).toHaveLength(1)
      // Squid writes its log when it comes to it.
      await expect.poll(two.accessLog).toContain('SIBLING_HIT')
    })
  })
})

const behind = (...extra: string[]): Options => ({
  mode: 'pinned',
  use: ['debian'],
  origins: { debian: A },
  cache: { storage: 'memory', extra },
})
const parent = (number: number): string =>
  `cache_peer ${squidAddress(number)} parent 3128 0 carp no-query no-digest`

describeSystem('CARP', () => {
  let bed: Bed
  beforeAll(async () => {
    bed = await openBed()
  })
  afterAll(() => bed.close())

  it('with pinned origins sends a package to one back Squid, whatever mirror is named', async () => {
    const backs = [await bed.startSquid(1, behind()), await bed.startSquid(2, behind())]
    // The front keeps nothing, so that what it answers comes from a back.
    const front = await bed.startSquid(
      0,
      behind(parent(1), parent(2), 'never_direct allow all', 'cache deny all'),
    )
    expect([...backs, front].flatMap(({ parsed }) => parsed)).toEqual([])
    const paths = Array.from({ length: 12 }, (_, i) => `pool/main/b/bash/bash_${i}-5_amd64.deb`)
    for (const path of paths) {
      const first = await bed.get(`${EVIL}/${path}`)
      const second = await bed.get(`${B}/${path}`)
      expect(first.text).toContain(`10.79.0.2 /debian/${path} `)
      expect(second.text).toBe(first.text)
      await expect
        .poll(() =>
          backs
            .map(({ accessLog }) => accessLog().split(`/${path} `).length - 1)
            .toSorted((x, y) => x - y),
        )
        .toEqual([0, 2])
    }
    expect(await bed.seen()).toHaveLength(paths.length)
    // Both have their share.
    for (const { accessLog } of backs) expect(accessLog()).toMatch(/TCP_MEM_HIT.*_amd64\.deb /)
  })
})

describeSystem('mode "pinned"', () => {
  let bed: Bed
  beforeAll(async () => {
    bed = await openBed()
  })
  afterAll(() => bed.close())

  it('fetches from the one trusted origin, whatever mirror is asked first', async () => {
    const squid = await bed.startSquid(0, {
      mode: 'pinned',
      use: ['debian'],
      origins: { debian: A },
      cache: { storage: 'memory' },
    })
    expect(squid.parsed).toEqual([])
    const path = 'pool/main/b/bash/bash_4-1%2bb1_amd64.deb'
    const first = await bed.get(`${EVIL}/${path}`)
    const second = await bed.get(`${B}/${path}`)
    const index = await bed.get(`${EVIL}/dists/bookworm/InRelease`)
    expect([first.text, index.text].map((text) => text.slice(0, 9))).toEqual([
      '10.79.0.2',
      '10.79.0.2',
    ])
    expect(second.text).toBe(first.text)
    expect((await bed.seen()).map(({ ip, path: asked }) => `${ip} ${asked}`)).toEqual([
      `10.79.0.2 /debian/${path}`,
      '10.79.0.2 /debian/dists/bookworm/InRelease',
    ])
  })

  it('leaves alone what no rule names', async () => {
    expect((await bed.get(`${EVIL}/README`)).text).toContain('10.79.0.4 ')
    await bed.seen()
  })
})
