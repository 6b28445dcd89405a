import { describe, expect, it } from 'vitest'

import { run } from './ipxe-run.ts'
import {
  ask,
  done,
  installed,
  known,
  MAC,
  OTHER,
  profileOf,
  restarted,
  tokenOf,
  yaml,
} from './life-cycle-kit.ts'
import { boots, linkOf, serviceFor } from './support.ts'

describe('the life cycle', () => {
  it('installs once, then boots the disk, also after a restart', async () => {
    const made = await installed()
    expect(made.events.at(-1)).toMatchObject({
      event: 'boot.report',
      mac: MAC,
      status: 'done',
      outcome: 'taken',
      profile: 'install',
    })
    const again = await restarted(made)
    const second = await boots(again, known)
    expect(second.profile?.name).toBe('local')
    expect(second.reasons.at(-1)?.why).toBe('"install" is installed; then "local"')
  })

  it('goes on with the installer at every boot until it reports', async () => {
    const made = await serviceFor(yaml)
    expect(await profileOf(made)).toBe('install')
    expect(await profileOf(made)).toBe('install')
  })

  it('holds a machine whose installation failed, says so on its console, and goes on when told', async () => {
    const made = await serviceFor(yaml)
    const first = await boots(made, known)
    const said = { status: 'failed', reason: 'no disk', ip: '10.0.0.7' } as const
    await made.service.report(tokenOf(first.text), said)
    const second = await boots(made, known)
    expect(second.trouble).toEqual({ code: 'BW-FAILED', why: 'its installation failed: no disk' })
    expect(second.text).toContain('reason: its installation failed: no disk')
    expect(await run(second.text)).toMatchObject({ kind: 'boots disk' })
    await made.service.order('m', 'release', {}, 'ada')
    expect(await profileOf(made)).toBe('install')
  })

  it('tries again after a failure as often as the file says', async () => {
    const made = await serviceFor(yaml.replace('once: true', 'once: { retries: 1 }'))
    for (const then of ['install', 'local']) {
      const { text } = await boots(made, known)
      await made.service.report(tokenOf(text), { status: 'failed', ip: '10.0.0.7' })
      expect(await profileOf(made)).toBe(then)
    }
  })

  it('boots a profile at the next boot only, also of a machine that nothing matches', async () => {
    const made = await serviceFor(yaml)
    expect(await made.service.order('m', 'next', { profile: 'other' }, 'ada')).toMatchObject({
      ok: true,
    })
    expect([await profileOf(made), await profileOf(made)]).toEqual(['other', 'install'])
    await made.service.order(OTHER, 'next', { profile: 'other' }, 'ada')
    const stranger = { ...known, mac: OTHER, serial: 'S999' }
    expect((await boots(made, stranger)).profile?.name).toBe('other')
    expect((await boots(made, stranger)).trouble?.code).toBe('BW-UNKNOWN')
  })

  it('installs again what is forgotten, or asked for by a person, and logs who asked', async () => {
    const made = await installed()
    await made.service.order(MAC, 'forget', {}, 'ada')
    expect(await profileOf(made)).toBe('install')
    const other = await installed()
    await other.service.order('serial:s123', 'install', {}, 'ada')
    expect(other.events.at(-1)).toMatchObject({
      event: 'machine.order',
      machine: 'serial:s123',
      action: 'install',
      by: 'ada',
      done: true,
    })
    const decision = await boots(other, known)
    expect(decision.text).toContain('on a machine that is installed: ada asked')
    await done(other, decision.text)
    expect(await profileOf(other)).toBe('local')
  })

  it.each([
    ['next', { profile: 'nope' }, 'there is no profile "nope"'],
    ['install', { profile: 'other' }, 'does not say `once`'],
    ['merge', { from: 'nobody' }, 'no machine is known as'],
    ['split', { identities: 'zz' }, 'zz is no identity'],
  ] as const)('refuses %s with %j', async (action, details, why) => {
    const made = await installed()
    const answer = await made.service.order('m', action, details, 'ada')
    expect(answer).toMatchObject({ ok: false })
    expect(answer.ok ? '' : answer.why).toContain(why)
  })

  it('may take the fetch of the script for the installation', async () => {
    const made = await serviceFor(
      yaml.replace('once: true', 'once: { done: script, after: other }'),
    )
    expect([await profileOf(made), await profileOf(made)]).toEqual(['install', 'other'])
  })

  it('says of a script that cannot be made why, and does not take it for an installation', async () => {
    const broken = yaml.replace(
      'args: "done={{ report.done }}", once: true',
      'args: "{{ asset }}", once: { done: script }',
    )
    const made = await serviceFor(broken)
    expect((await boots(made, known)).trouble?.code).toBe('BW-TEMPLATE')
    expect((await boots(made, { ...known, asset: 'A1' })).profile?.name).toBe('install')
  })
})

describe('nothing but a boot of the machine itself', () => {
  it('uses up an installation: GET without a signature, HEAD and `simulate` change nothing', async () => {
    const made = await serviceFor(yaml)
    const first = await boots(made, known)
    const signed = linkOf((await ask(made, known)).text, known) ?? {}
    for (const query of [known, { mac: MAC }, signed, { ...signed, sig: 'x'.repeat(22) }])
      for (const mode of ['look', 'ask'] as const) await ask(made, query, mode)
    expect((await ask(made, known)).stage).toBe('chain')
    expect(await done(made, first.text)).toMatchObject({ outcome: 'taken' })
    expect(await profileOf(made)).toBe('local')
  })

  it('counts as the installation where its script does', async () => {
    const made = await serviceFor(yaml.replace('once: true', 'once: { done: script }'))
    const { text } = await ask(made, known)
    expect(text.trim().split('\n')).toHaveLength(2)
    expect(text).toMatch(/^chain --autofree --replace http:\/\/10\.0\.0\.5:8080\/script\?mac=/m)
    await ask(made, linkOf(text) ?? {}, 'look')
    expect(await profileOf(made)).toBe('install')
  })

  it('gets a token that would be taken: `simulate` is shown none', async () => {
    const made = await serviceFor(yaml)
    const { text, profile } = await ask(made, known, 'ask')
    expect(profile?.name).toBe('install')
    expect(text).toContain('report/TOKEN/done')
    const result = await made.service.report('TOKEN', { status: 'done', ip: '10.0.0.99' })
    expect(result).toEqual({ kind: 'refused' })
  })

  it('gets another installer by a URL that was used', async () => {
    const made = await serviceFor(yaml)
    const { text } = await ask(made, known)
    const url = linkOf(text) ?? {}
    const first = await ask(made, url)
    expect((await ask(made, url)).text).toBe(first.text)
    await done(made, first.text)
    expect((await ask(made, url)).profile?.name).toBe('local')
  })
})

describe('a report', () => {
  it('is taken however late, whatever the clock says, and from whichever boot of the installation', async () => {
    let now = 1_800_000_000_000
    const made = await serviceFor(yaml, { now: () => now })
    const first = await boots(made, known)
    await boots(made, known)
    now -= 365 * 86_400_000
    expect(await done(made, first.text)).toMatchObject({ kind: 'noted', outcome: 'late' })
    expect(await profileOf(made)).toBe('local')
    now += 1000 * 86_400_000
    expect(await done(made, first.text)).toMatchObject({ kind: 'noted' })
  })

  it('with a token that is not ours names the machine that it names, and no token is logged', async () => {
    const { service, events, token } = await installed()
    const forged = token.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))
    expect(await service.report(forged, { status: 'done', ip: '10.0.0.9' })).toEqual({
      kind: 'refused',
    })
    expect(events.at(-1)).toMatchObject({ event: 'http.refused', mac: MAC, ip: '10.0.0.9' })
    expect(JSON.stringify(events)).not.toContain(token)
  })

  it('from another address than the boot is noted as such', async () => {
    const made = await serviceFor(yaml)
    await done(made, (await boots(made, known)).text, '10.0.0.8')
    expect(made.events.at(-1)).toMatchObject({ ip: '10.0.0.8', bootedFrom: '10.0.0.7' })
  })
})
