import { describe, expect, it } from 'vitest'

import { labelsOf, parseMac } from '../../../src/features/matchbox/query.ts'
import { group, MAC, NODE, openMatchbox } from './rig.ts'

const chosen = async (
  groups: Readonly<Record<string, object>>,
  query: string,
): Promise<string | number> => {
  const files = Object.entries(groups).map(([id, fields]): [string, string] => [
    `groups/${id}.json`,
    group({ id, metadata: { id }, ...fields }),
  ])
  await using box = await openMatchbox(Object.fromEntries(files))
  const answer = await box.get(`/metadata?${query}`)
  return typeof answer === 'string' ? (/^ID=(.*)$/m.exec(answer)?.[1] ?? '') : answer
}

describe('section 3: labels', () => {
  it('drops pairs with ; or a bad escape, and addresses that are none', () => {
    expect([...labelsOf('foo=a%20b&foo=c&mac=zz&x=1;y=2&e=%zz')]).toEqual([['foo', 'a b']])
  })

  it('keeps the case of keys, rewrites addresses, reads + as a space', () => {
    expect([...labelsOf('UUID=a1&MAC=52:DA:00:89:d8:10&h=a+b&empty&=v')]).toEqual([
      ['UUID', 'a1'],
      ['MAC', '52:da:00:89:d8:10'],
      ['h', 'a b'],
      ['empty', ''],
      ['', 'v'],
    ])
  })

  it.each([
    ['52-DA-00-89-d8-10', '52:da:00:89:d8:10'],
    ['52da.0089.d810', '52:da:00:89:d8:10'],
    ['00:11:22:33:44:55:66:77', '00:11:22:33:44:55:66:77'],
    ['52da0089d810', undefined],
    ['2:da:00:89:d8:10', undefined],
    ['52:da-00:89:d8:10', undefined],
    ['52:da:00:89:d8', undefined],
  ])('reads %s as Go does', (text, mac) => {
    expect(parseMac(text)).toBe(mac)
  })
})

describe('section 4: selection', () => {
  it('tries more selectors first, then the greater text', async () => {
    const groups = {
      all: {},
      os: { selector: { os: 'x' } },
      mac: { selector: { mac: '52:54:00:00:00:01' } },
      both: { selector: { os: 'x', mac: '52:54:00:00:00:01' } },
    }
    expect(await chosen(groups, 'os=x&mac=52:54:00:00:00:01')).toBe('both')
    expect(
      await chosen(
        { ...groups, both: { selector: { no: 'x', way: 'y' } } },
        'os=x&mac=52:54:00:00:00:01',
      ),
    ).toBe('os')
    expect(await chosen(groups, 'os=y')).toBe('all')
    expect(await chosen({ os: groups.os }, 'os=y')).toBe(404)
  })

  it('takes a selector that is empty for a label that is missing', async () => {
    const groups = { shadow: { selector: { x: '' } }, os: { selector: { os: 'y' } } }
    expect(await chosen(groups, 'os=y')).toBe('shadow')
    expect(await chosen(groups, 'os=y&x=1')).toBe('os')
  })

  it('minds the case of a selector, not that of a field', async () => {
    expect(
      await chosen({ a: { selector: { MAC: '52:54:00:00:00:01' } } }, 'mac=52:54:00:00:00:01'),
    ).toBe(404)
    await using box = await openMatchbox({
      'groups/a.json': '{"ID":"a","Metadata":{"id":"first"},"METADATA":{"id":"last"},"more":1}',
    })
    expect(await box.get('/metadata')).toMatch(/^ID=last$/m)
  })

  it.each([
    ['broken JSON', '{'],
    ['text after the object', '{"id":"a"} x'],
    ['a selector that is no string', '{"selector":{"a":1}}'],
    ['a selector mac that is no address', '{"selector":{"Mac":"nope"}}'],
    ['a number beyond float64', '{"metadata":{"a":1e999}}'],
    ['metadata that is a list', '{"metadata":[]}'],
  ])('skips a group with %s, and tells', async (_what, text) => {
    await using box = await openMatchbox({ 'groups/bad.json': text, ...NODE })
    expect(await box.get(`/ipxe?${MAC}`)).toContain('kernel')
    expect(box.skipped).toEqual([expect.stringMatching(/^groups\/bad\.json: ./)])
  })

  it('is 404 without groups, without the profile, and where a profile has no id', async () => {
    await using none = await openMatchbox({})
    expect(await none.get('/ipxe')).toBe(404)
    await using gone = await openMatchbox({ 'groups/a.json': '{"id":"a","profile":"gone"}' })
    expect(await gone.get('/ipxe')).toBe(404)
    expect(gone.missing).toEqual([expect.stringContaining('/ipxe: group a: profile gone')])
    await using nameless = await openMatchbox({
      'groups/a.json': '{"profile":"p"}',
      'profiles/p.json': '{"boot":{}}',
    })
    expect(await nameless.get('/ipxe')).toBe(404)
  })

  it('takes the profile of a file whose id is another', async () => {
    await using box = await openMatchbox({
      'groups/a.json': '{"profile":"p"}',
      'profiles/p.json': '{"id":"other","boot":{}}',
    })
    expect(await box.get('/ipxe')).toBe('#!ipxe\nkernel \nboot\n')
  })
})
