import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { openBed, type Answer, type Bed, type Squid } from './bed.ts'

const A = 'http://mirrors.kernel.org/debian'
const B = 'http://mirrors.tuna.tsinghua.edu.cn/debian'

let number = 0
const deb = (mark: string): string => `pool/main/b/${mark}_${++number}-1_amd64.deb`

/** What Squid does with each is in docs/helper.md. */
describeSystem('Squid with a helper that mis-frames', () => {
  let bed: Bed
  let squid: Squid
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-misframing-'))
    chmodSync(folder, 0o755)
    const program = join(folder, 'helper')
    copyFileSync(new URL('misframing-helper.mjs', import.meta.url), program)
    chmodSync(program, 0o755)
    bed = await openBed()
    squid = await bed.startSquid(0, { use: ['debian'], cache: { storage: 'memory', program } })
  })
  afterAll(async () => {
    await bed.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const exits = (): number => squid.cacheLog().split(/store_id #\w+ exited/).length

  /** Asks until Squid, which may be starting its worker or a helper again, answers. */
  const patiently = async (url: string): Promise<Answer> => {
    let answer: Answer | undefined
    await expect
      .poll(async () => (answer = await bed.get(url)).status, { timeout: 15_000, interval: 200 })
      .toBe(200)
    return answer!
  }

  /** Every later request has its own file and its own key. */
  const expectServed = async (): Promise<void> => {
    await patiently(`${A}/${deb('after')}`)
    await bed.seen()
    const paths = Array.from({ length: 8 }, () => deb('good'))
    const first = await bed.getAll(paths.map((path) => `${A}/${path}`))
    const second = await bed.getAll(paths.map((path) => `${B}/${path}`))
    expect(first.map(({ text }) => text.split(' ')[1])).toEqual(
      paths.map((path) => `/debian/${path}`),
    )
    expect(second.map(({ text }) => text)).toEqual(first.map(({ text }) => text))
    expect(await bed.seen()).toHaveLength(paths.length)
  }

  it.each([
    ['answers two lines for one', 'two-lines', /unexpected reply on channel \d+ /],
    [
      'answers on a channel that was never asked',
      'other-channel',
      /unexpected reply on channel 1\d{3} /,
    ],
    ['answers garbage', 'garbage', /ERROR: storeID helper returned invalid result code/],
  ])('serves the request, and all others, when it %s', async (_, fault, word) => {
    const path = deb(fault)
    expect((await bed.get(`${A}/${path}`)).text).toContain(`10.79.0.2 /debian/${path} `)
    await expect.poll(squid.cacheLog).toMatch(word)
    await expectServed()
  })

  it.each([
    ['dies in the middle of a line', 'mid-line'],
    ['answers a zero byte, until it is ended', 'zero-byte'],
  ])('serves all but the one request when it %s', async (_, fault) => {
    const before = exits()
    expect(await bed.get(`${A}/${deb(fault)}`, { timeoutMs: 1500 })).toMatchObject({ status: 0 })
    await expect.poll(exits).toBe(before + 1)
    await expectServed()
  })

  it('starts its worker again, and serves clients, when the channel-ID is missing', async () => {
    expect(await bed.get(`${A}/${deb('no-channel')}`)).toMatchObject({ status: 0 })
    expect(squid.cacheLog()).toContain('assertion failed: helper.cc')
    await expectServed()
  })
})
