import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { serviceFor } from './support.ts'

const MAC = '52:54:00:00:00:01'
const known = { mac: MAC, final: '1', serial: 'S1', buildarch: 'x86_64', platform: 'efi' }

const tokenOf = (text: string): string => /report\/([\w-]+)/.exec(text)?.[1] ?? ''

describe('the life cycle', () => {
  const yaml = `
profiles:
  install: { kernel: "http://h/k", args: "done={{ report.done }}", once: true }
  other: { local: true }
machines: { m: { mac: "${MAC}", profile: install } }`
  it('installs once, then boots the disk, also after a restart', async () => {
    const { service, events, folder } = await serviceFor(yaml)
    const first = await service.script(known, '10.0.0.7')
    expect(first.profile?.name).toBe('install')
    expect(await service.report(tokenOf(first.text), 'done', '10.0.0.7')).toBe('done')
    expect(events.at(-1)).toMatchObject({
      event: 'boot.report',
      mac: MAC,
      status: 'done',
      profile: 'install',
    })
    const restarted = await serviceFor(yaml, { folder })
    const second = await restarted.service.script(known, '10.0.0.7')
    expect(second.profile?.name).toBe('local')
    expect(second.reasons.at(-1)?.why).toContain('was installed at')
  })

  it('installs again after a failure, and until a report comes', async () => {
    const { service } = await serviceFor(yaml)
    const first = await service.script(known, '10.0.0.7')
    expect(await service.report(tokenOf(first.text), 'failed', '10.0.0.7')).toBe('failed')
    expect((await service.script(known, '10.0.0.7')).profile?.name).toBe('install')
  })

  it('takes a token once, not of an earlier boot, not after it has expired, and logs none', async () => {
    let now = 1_800_000_000_000
    const { service, events } = await serviceFor(yaml, { now: () => now })
    const old = tokenOf((await service.script(known, '10.0.0.7')).text)
    const current = tokenOf((await service.script(known, '10.0.0.7')).text)
    expect(current).not.toBe(old)
    expect(await service.report(old, 'done', '10.0.0.7')).toBe('unknown-token')
    now += 25 * 3_600_000
    expect(await service.report(current, 'done', '10.0.0.7')).toBe('expired')
    now -= 25 * 3_600_000
    expect(await service.report(current, 'done', '10.0.0.7')).toBe('done')
    expect(await service.report(current, 'done', '10.0.0.7')).toBe('unknown-token')
    expect(JSON.stringify(events)).not.toContain(current)
  })

  it('boots a profile at the next boot only, and forgets when told to', async () => {
    const { service } = await serviceFor(yaml)
    expect(await service.changeByHand(MAC, 'next', 'other')).toMatchObject({ ok: true })
    expect((await service.script(known, '10.0.0.7')).profile?.name).toBe('other')
    const again = await service.script(known, '10.0.0.7')
    expect(again.profile?.name).toBe('install')
    await service.report(tokenOf(again.text), 'done', '10.0.0.7')
    await service.changeByHand(MAC, 'forget', undefined)
    expect((await service.script(known, '10.0.0.7')).profile?.name).toBe('install')
    expect(await service.changeByHand(MAC, 'next', 'nope')).toMatchObject({ ok: false })
  })

  it('installs nothing that it could not remember, says so on the console, and lets it ask again', async () => {
    const { service, events, folder } = await serviceFor(yaml)
    // Not even root can put a file in place of a folder.
    mkdirSync(join(folder, 'state', 'state.json'))
    const refused = await service.script(known, '10.0.0.7')
    expect(refused).toMatchObject({ stage: 'explain', trouble: { code: 'BW-STATE' } })
    expect(refused.text).toContain('this boot cannot be remembered')
    expect(refused.text).not.toContain(folder)
    expect(refused.text).toContain(`/script?mac=${MAC}`)
    const why: unknown = expect.stringMatching(/state\.json.*make room/)
    expect(events.at(-2)).toMatchObject({ event: 'warning', mac: MAC, why })
    rmSync(join(folder, 'state', 'state.json'), { recursive: true })
    expect((await service.script(known, '10.0.0.7')).profile?.name).toBe('install')
  })

  it('may take the fetch of the script for the installation', async () => {
    const { service } = await serviceFor(
      yaml.replace('once: true', 'once: { done: script, after: other }'),
    )
    expect((await service.script(known, '10.0.0.7')).profile?.name).toBe('install')
    expect((await service.script(known, '10.0.0.7')).profile?.name).toBe('other')
  })
})
