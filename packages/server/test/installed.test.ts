import { describe, expect, it } from 'vitest'

import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'
import { StateError } from '../src/state/state-error.ts'
import type { StateStore } from '../src/state/state-store.ts'
import { run } from './ipxe-run.ts'
import {
  choose,
  done,
  installed,
  INSTALL,
  known,
  MAC,
  OTHER,
  profileOf,
  restarted,
  tokenOf,
  UUID,
  yaml,
} from './life-cycle-kit.ts'
import { boots, linkOf, serviceFor, temporaryFolder } from './support.ts'

describe('an installed machine boots its disk', () => {
  it.each([
    ['a profile that was renamed', yaml.replaceAll('install', 'install-12')],
    ['an entry that was renamed', yaml.replace('{ m:', '{ web1:')],
    [
      'an entry that is gone, and a group',
      yaml.replace(
        /machines:.*/,
        `groups: [{ name: g, match: { mac: "${MAC}" }, profile: install }]`,
      ),
    ],
    [
      'another profile',
      yaml
        .replace('profile: install }', 'profile: new }')
        .replace('other:', `new: ${INSTALL}\n  other:`),
    ],
    ['an id that is written for the first time', yaml.replace('once: true', 'once: { id: a }')],
  ])('when the file has %s', async (_what, text) => {
    const made = await restarted(await installed(), text)
    expect(await profileOf(made)).toBe('local')
  })

  it('until the id of its installation is changed by hand, where that is allowed', async () => {
    const first = await installed(yaml.replace('once: true', 'once: { id: a }'))
    const made = await restarted(first, yaml.replace('once: true', 'once: { id: b }'))
    expect(await profileOf(made)).toBe('install')
  })

  it('by whichever card, and with another board behind the same card', async () => {
    const made = await installed(yaml, { ...known, uuid: UUID, mac0: MAC, mac1: OTHER })
    const group = yaml.replace(
      /machines:.*/,
      'groups: [{ name: g, match: { mac: { prefix: "52:54" } }, profile: install }]',
    )
    const again = await restarted(made, group)
    for (const query of [
      { mac: OTHER },
      { mac: '52:54:00:00:00:03', uuid: UUID },
      { mac: MAC, uuid: UUID.replace('4c4c', '5d5d'), serial: 'S777' },
    ])
      expect(await profileOf(again, { ...query, final: '1' })).toBe('local')
    expect(await profileOf(again, { mac: '52:54:00:00:00:09', final: '1', serial: 'S555' })).toBe(
      'install',
    )
  })

  it('when two cards of its entry differ in which of them was seen', async () => {
    const two = yaml.replace(`mac: "${MAC}"`, `mac: ["${MAC}", "${OTHER}"]`)
    expect(await profileOf(await installed(two), { mac: OTHER, final: '1' })).toBe('local')
  })

  it('when unknown.after or the default of a menu names the installer', async () => {
    const enrol = yaml.replace(/machines:.*/, 'unknown: { waitSeconds: 0, after: install }')
    const unknown = await serviceFor(enrol)
    const go = async () => {
      const { text } = await boots(unknown, known)
      return boots(unknown, { ...linkOf(text), ...known })
    }
    const first = await go()
    expect(first.profile?.name).toBe('install')
    await done(unknown, first.text)
    expect((await go()).profile?.name).toBe('local')
  })
})

describe('a menu', () => {
  const MENU = yaml
    .replace('profile: install }', 'profile: pick }')
    .replace(
      'other:',
      'pick: { menu: { items: [other, install], default: install, timeoutSeconds: 10 } }\n  other:',
    )

  it('installs by its default once, and never again by that', async () => {
    const made = await serviceFor(MENU)
    const { after } = await choose(made, 1)
    expect(after.profile?.name).toBe('install')
    await done(made, after.text)
    const again = await choose(made, 1)
    expect(again.text).toContain('install - installs it again')
    expect(again.after.profile?.name).toBe('local')
  })

  it('installs again when a person picks it, and says so first', async () => {
    const made = await serviceFor(MENU.replace('default: install', 'default: other'))
    const { after } = await choose(made, 1)
    await done(made, after.text)
    const again = await choose(made, 1)
    expect(again.after.profile?.name).toBe('install')
    expect(again.after.text).toContain(
      'echo Bootwire: installs "install" on a machine that is installed',
    )
  })

  it('takes a pick that nobody signed for the file’s own', async () => {
    const made = await installed(
      MENU.replace('pick: {', 'pick: { once: false,').replace(
        'profile: pick }',
        'profile: install }',
      ),
    )
    const again = await restarted(made, MENU)
    expect(await profileOf(again, { ...known, picked: 'install', choose: 'install' })).toBe('local')
  })
})

describe('a machine that may be two', () => {
  const group = yaml.replace(
    /machines:.*/,
    'groups: [{ name: g, match: { mac: { prefix: "52:54" } }, profile: install }]',
  )

  it('is not installed, says why, and is settled by a person', async () => {
    const first = { mac: MAC, final: '1', uuid: UUID, serial: 'S111' }
    const made = await serviceFor(group)
    await done(made, (await boots(made, first)).text)
    const second = { mac: OTHER, final: '1', uuid: UUID, serial: 'S222' }
    const decision = await boots(made, second)
    expect(decision.trouble?.code).toBe('BW-CONFLICT')
    expect(decision.text).toContain('bootwire merge or split')
    expect(await run(decision.text)).toMatchObject({ kind: 'boots disk' })
    const shared = { shared: `uuid:${UUID}` }
    expect(await made.service.order(MAC, 'split', shared, 'ada')).toMatchObject({ ok: true })
    expect(await profileOf(made, second)).toBe('install')
    expect(await profileOf(made, first)).toBe('local')
  })
})

describe('servers that share a store', () => {
  it('agree on what is installed, whichever handed the installer out or heard the report', async () => {
    const store = await EmbeddedStore.open({ folder: temporaryFolder() })
    const [a, b] = [await serviceFor(yaml, { store }), await serviceFor(yaml, { store })]
    const first = await boots(a, known)
    expect(await done(b, first.text)).toMatchObject({ kind: 'noted', outcome: 'taken' })
    expect([await profileOf(a), await profileOf(b)]).toEqual(['local', 'local'])
  })

  it('decide the same by what only DHCP told one of them', async () => {
    const rack = `
profiles: { left: { chain: "http://h/left" } }
groups: [{ name: l, match: { relay: 10.99.0.1, circuit-id: eth0/1, arch: 7 }, profile: left }]`
    const store = await EmbeddedStore.open({ folder: temporaryFolder() })
    const [a, b] = [await serviceFor(rack, { store }), await serviceFor(rack, { store })]
    const reply = a.service.dhcp({
      mac: MAC,
      uuid: UUID,
      architectures: [7],
      firmware: 'ipxe',
      userClasses: ['iPXE'],
      localAddress: '10.0.0.5',
      relay: { address: '10.99.0.1', circuitId: 'eth0/1' },
    })
    const file = reply.action === 'boot' ? String(reply.file) : ''
    expect(file.length).toBeLessThanOrEqual(255)
    const query = Object.fromEntries(new URL(file).searchParams)
    expect((await boots(b, query)).profile?.name).toBe('left')
    const { relay: _relay, ...forged } = query
    expect((await boots(b, forged)).profile?.name).toBeUndefined()
  })
})

/** A store whose disk is full. */
const failing = (store: StateStore): StateStore =>
  new Proxy(store, {
    get: (target, name) => {
      if (name === 'commit')
        return () => Promise.reject(new StateError('BW-STATE-WRITE', 'the disk is full'))
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

describe('a store that cannot be written', () => {
  it('installs nothing, says so on the console, and lets the machine ask again', async () => {
    const folder = temporaryFolder()
    const store = await EmbeddedStore.open({ folder })
    const made = await serviceFor(yaml, { store: failing(store) })
    const refused = await boots(made, known)
    expect(refused).toMatchObject({ stage: 'explain', trouble: { code: 'BW-STATE' } })
    expect(refused.text).toContain('this boot cannot be remembered')
    expect(refused.text).not.toContain('disk is full')
    expect(refused.text).toMatch(/^chain .*\/script\?mac=/m)
    expect(made.events.find(({ event }) => event === 'warning')).toMatchObject({
      mac: MAC,
      code: 'BW-STATE-WRITE',
      why: 'the disk is full',
    })
    const healthy = await serviceFor(yaml, { store })
    expect(await profileOf(healthy)).toBe('install')
  })

  it('stops nothing that installs nothing: an installed machine boots its disk', async () => {
    const store = await EmbeddedStore.open({ folder: temporaryFolder() })
    const healthy = await serviceFor(yaml, { store })
    const { text } = await boots(healthy, known)
    await done(healthy, text)
    const made = await serviceFor(yaml, { store: failing(store) })
    expect(await profileOf(made)).toBe('local')
    const result = await made.service.report(tokenOf(text).replace('.1.1.', '.1.2.'), {
      status: 'done',
      ip: '10.0.0.7',
    })
    expect(result.kind).toBe('refused')
  })
})
