import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished } from 'vitest'

import { EmbeddedStore, type EmbeddedOptions } from '../../src/state/journal/embedded-store.ts'
import { claimsOfOldToken, countScript, takeReport } from '../../src/state/run.ts'
import { temporaryFolder } from '../support.ts'
import { describeStore } from './conformance.ts'
import { boot, record } from './records.ts'

const open = async (
  folder: string,
  options: Partial<EmbeddedOptions> = {},
): Promise<EmbeddedStore> => {
  const store = await EmbeddedStore.open({ folder, ...options })
  onTestFinished(() => store.close())
  return store
}

describeStore('embedded', () => open(temporaryFolder()))

describe('the embedded state store', () => {
  it('is there again after a restart, with its keys', async () => {
    const folder = temporaryFolder()
    const first = await open(folder)
    await first.commit([{ after: record('a', ['name:web1'], { boots: 2 }) }])
    const stored = await first.get('a')
    const keys = await first.keys()
    await first.close()
    const second = await open(folder)
    expect(await second.find(['name:web1'])).toEqual([stored])
    expect(await second.keys()).toEqual(keys)
    await expect(first.commit([])).rejects.toMatchObject({ reason: 'BW-STATE-CLOSED' })
  })

  it('refuses a folder that another has open, names it, and takes it once that is gone', async () => {
    const folder = temporaryFolder()
    const first = await open(folder)
    const refused = EmbeddedStore.open({ folder })
    await expect(refused).rejects.toMatchObject({ reason: 'BW-STATE-LOCKED' })
    await expect(refused).rejects.toThrow(new RegExp(`in use by process ${process.pid} .*since 20`))
    await first.close()
    await open(folder)
  })

  it('never gives up what is installed or asked for, gives up what only began, and warns at 90 %', async () => {
    const notices: string[] = []
    const store = await open(temporaryFolder(), {
      limit: 10,
      onNotice: (text) => notices.push(text),
    })
    const installed = { installation: 1, boot: 1, timeMs: 0 }
    for (let i = 0; i < 8; i++)
      await store.commit([{ after: record(`i${i}`, [`serial:i${i}`], { installed }) }])
    expect(notices).toEqual([])
    await store.commit([
      { after: record('asked', [], { next: { profile: 'p', by: 'me', timeMs: 0 } }) },
    ])
    expect(notices).toEqual([expect.stringContaining('9 of at most 10 machines')])
    for (let i = 0; i < 20; i++)
      expect(await store.commit([{ after: record(`new${i}`, [`serial:new${i}`]) }])).toBe(true)
    expect(store.usage.machines).toBe(10)
    expect(await store.find(['serial:new19'])).toHaveLength(1)
    expect(await store.find(['serial:new18'])).toHaveLength(0)
    for (let i = 0; i < 8; i++) expect(await store.get(`i${i}`)).toBeDefined()
    const before = (await store.get('new19'))!
    await store.commit([{ before, after: { ...before.record, installed } }])
    await expect(store.commit([{ after: record('late', []) }])).rejects.toMatchObject({
      reason: 'BW-STATE-FULL',
    })
    expect(await store.get('asked')).toBeDefined()
  })

  it('takes the report of a machine that was given up, and makes its record again', async () => {
    const store = await open(temporaryFolder())
    const claims = { machine: 'gone', installation: 1, boot: 1, mac: '52:54:00:00:00:01' }
    await takeReport(store, { claims, status: 'done', noted: { timeMs: 1 } })
    const [stored] = await store.find(['mac:52:54:00:00:00:01'])
    expect(stored?.record).toMatchObject({ id: 'gone', installed: { installation: 1 } })
    expect(await countScript(store, boot(2, { machine: 'gone' }))).toMatchObject({ kind: 'chain' })
    expect(await countScript(store, boot(1))).toMatchObject({
      kind: 'boot',
      plan: { kind: 'disk' },
    })
  })

  it('is written anew when most of it is of the past, and loses nothing that changes meanwhile', async () => {
    const folder = temporaryFolder()
    const store = await open(folder, { compactBytes: 20_000 })
    for (let i = 0; i < 300; i++) await store.commit([{ after: record(`m${i}`, [`serial:m${i}`]) }])
    for (let round = 1; round <= 5; round++)
      await Promise.all(
        Array.from({ length: 300 }, async (_, i) => {
          const before = (await store.get(`m${i}`))!
          await store.commit([{ before, after: { ...before.record, boots: round } }])
        }),
      )
    const gone = (await store.get('m7'))!
    await store.commit([{ before: gone }])
    await store.close()
    expect(readFileSync(join(folder, 'machines.journal')).length).toBeLessThan(120_000)
    const again = await open(folder)
    expect(again.usage.machines).toBe(299)
    for await (const { record: each } of again.list()) expect(each.boots).toBe(5)
  }, 30_000)

  it('takes the state of Bootwire 0.1 over once, cards of one machine together, running installations too', async () => {
    const folder = temporaryFolder()
    const uuid = '4c4c4544-0042-4a10-8052-b4c04f4a3132'
    const token = 'an-old-token'
    const machines = {
      '52:54:00:00:00:01': {
        boots: 2,
        installed: { profile: 'inst', at: '2026-11-01T00:00:00.000Z' },
        last: { profile: 'inst', facts: { uuid, name: 'web1' } },
      },
      '52:54:00:00:00:02': { boots: 1, last: { profile: 'inst', facts: { uuid } } },
      '52:54:00:00:00:03': {
        boots: 5,
        next: 'rescue',
        pending: {
          token: createHash('sha256').update(token).digest('hex'),
          profile: 'inst',
          expires: '2026-11-02T00:00:00.000Z',
        },
      },
    }
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ version: 1, machines }))
    const notices: string[] = []
    const store = await open(folder, { onNotice: (text) => notices.push(text) })
    expect(notices).toEqual([
      expect.stringMatching(/2 machines was taken over .*state\.json\.migrated$/),
    ])
    expect(readdirSync(folder).toSorted()).toEqual([
      'lock',
      'machines.journal',
      'state.json.migrated',
    ])
    const [both] = await store.find(['mac:52:54:00:00:00:02'])
    expect(await store.find(['name:web1', 'mac:52:54:00:00:00:01'])).toEqual([both])
    expect(both?.record.installed).toMatchObject({ profile: 'inst' })
    const claims = (await claimsOfOldToken(store, token))!
    await takeReport(store, { claims, status: 'done', noted: { timeMs: 1 } })
    const [third] = await store.find(['mac:52:54:00:00:00:03'])
    expect(third?.record).toMatchObject({
      installed: { profile: 'inst' },
      next: { profile: 'rescue' },
    })
  })

  it.each(['', '{', '{"version":2,"machines":{}}', '{"version":1,"machines":{"m":{}}}'])(
    'takes over no old state by halves: %s',
    async (text) => {
      const folder = temporaryFolder()
      writeFileSync(join(folder, 'state.json'), text)
      await expect(EmbeddedStore.open({ folder })).rejects.toMatchObject({
        reason: 'BW-STATE-DAMAGED',
      })
      expect(readFileSync(join(folder, 'state.json'), 'utf8')).toBe(text)
      expect(readdirSync(folder).toSorted()).toEqual(['lock', 'state.json'])
    },
  )

  it('says of which version a journal is that it cannot read', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'machines.journal'), 'bootwire-state 2\nwhatever')
    await expect(EmbeddedStore.open({ folder })).rejects.toThrow(
      /is of version 2 .*reads version 1/,
    )
  })
})
