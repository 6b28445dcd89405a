import { describe, expect, it } from 'vitest'

import { lint } from '../../src/index.ts'

const rulesOf = (text: string): string[] =>
  lint(`#!ipxe\n${text}`).map(({ rule, line }) => `${rule}:${line}`)

describe('a jump to a name put together', () => {
  it('reaches every label of its form, and leaves the others alone', () => {
    const text =
      'read type || exit\ngoto fedora_${type}\n:fedora_text\nexit\n:fedora_rescue\nexit\n:suse_text\nexit\n'
    expect(rulesOf(text)).toEqual(['unused-label:8', 'unreachable:9'])
  })

  it('knows forms with several values, nested ones and a suffix', () => {
    expect(rulesOf('goto ${a}_${b}\n:x_y\nexit\n')).toEqual([])
    expect(rulesOf('goto on_${net${n}/mac}\n:on_52\nexit\n')).toEqual([])
    expect(rulesOf('goto ${a}-boot\n:24.04-boot\nexit\n')).toEqual([])
  })

  it('is an error where no label has the form, unless it is guarded', () => {
    expect(rulesOf('goto suse_${type}\n:fedora_text\nexit\n')).toContain('undefined-label:2')
    expect(rulesOf('goto suse_${type} || exit\n')).toEqual([])
  })
})

describe('a jump to the value of a setting', () => {
  it('may reach every label where another script can have stored the value', () => {
    const text =
      'isset ${page} && goto ${page} ||\nmenu M\nitem disk Disk\nchoose page || exit\ngoto ${page}\n:disk\nexit 1\n:tools\nshell\n'
    expect(rulesOf(text)).toEqual([])
  })

  it('reaches what was stored just before', () => {
    expect(rulesOf('set to one\ngoto ${to}\n:one\nexit\n:two\nexit\n')).toEqual([
      'unused-label:6',
      'unreachable:7',
    ])
    expect(rulesOf('set to one\nchain x ||\ngoto ${to}\n:two\nexit\n')).toEqual([])
  })
})

const menu = (name: string, entries: string[]): string =>
  `menu M\n${entries.map((entry) => `item ${entry} Text\n`).join('')}choose ${name} || exit\n`

describe('entries of menus', () => {
  it('need a label only where a jump follows their own menu', () => {
    const text = `${menu('release', ['7', '8'])}${menu('how', ['text', 'gui'])}goto \${how}\n:text\necho \${release}\nexit\n:gui\nexit\n`
    expect(rulesOf(text)).toEqual([])
  })

  it('are told by their own line where their label is missing', () => {
    const text = `${menu('a', ['x', 'y'])}goto \${a}\n:x\nexit\n`
    expect(rulesOf(text)).toContain('menu-entry-label:4')
  })

  it.each([
    [
      'is tested before the jump',
      `${menu('a', ['x', 'back'])}iseq \${a} back && exit ||\ngoto \${a}\n:x\nexit\n`,
    ],
    [
      'leads to a guarded jump',
      `${menu('a', ['x', 'y'])}goto \${a} || chain \${a}.ipxe\n:x\nexit\n`,
    ],
    [
      'belongs to a menu of another name',
      `menu --name m M\nitem --menu m y Y\n${menu('a', ['x'])}goto \${a}\n:x\nexit\n`,
    ],
    ['is stored over', `${menu('a', ['x', 'y'])}set a x\ngoto \${a}\n:x\nexit\n`],
  ])('an entry without a label is right where it %s', (_, text) => {
    expect(rulesOf(text).filter((one) => one.startsWith('menu-entry-label'))).toEqual([])
  })

  it('have a default among those of the same menu', () => {
    const text = `menu A\nitem a A\nchoose --default a x || exit\nmenu B\nitem b B\nchoose --default a x || exit\n`
    expect(rulesOf(text)).toEqual(['menu-default:7'])
  })

  it('may share a name where they are lines of text', () => {
    expect(rulesOf('menu About\nitem about One\nitem about Two\nchoose x || exit\n')).toEqual([])
  })
})

it('ten thousand labels and ten thousand jumps take no more than a moment', () => {
  const text = Array.from({ length: 10_000 }, (_, n) => `:l${n}\ngoto x${n}\${a}\n`).join('')
  const start = performance.now()
  lint(`#!ipxe\n${text}`)
  lint(`#!ipxe\n${text.replaceAll(/x\d+\$/g, '$')}`)
  lint(`#!ipxe\n${text.replaceAll('${a}', '')}`)
  // Some 0.5 s; the bound is for a machine that has other things to do, and far below what a square would take.
  expect(performance.now() - start).toBeLessThan(20_000)
}, 60_000)
