import { describe, expect, it } from 'vitest'

import {
  type FetchRequest,
  ipxe2Efi,
  masterEfi,
  type Press,
  run,
  type RunOptions,
  type RunResult,
} from '../../src/index.ts'

const keys = (...names: string[]): readonly Press[] => names.map((key) => ({ key }))

const go = (text: string, options: RunOptions = {}): Promise<RunResult> =>
  run(`#!ipxe\n${text}`, options)

const asked = async (text: string): Promise<FetchRequest[]> => {
  const seen: FetchRequest[] = []
  await go(`${text}\nimgfetch http://h/x##params\n`, {
    profile: masterEfi,
    network: (request) => {
      seen.push(request)
      return true
    },
  })
  return seen
}

describe('request parameters', () => {
  it('that are headers alone are got, since there is no form to post', async () => {
    const [request] = await asked('params\nparam --header X-Token 7')
    expect(request).toMatchObject({ method: 'GET', headers: [{ name: 'X-Token', value: '7' }] })
  })

  it('are posted', async () => {
    expect((await asked('params\nparam mac x'))[0]!.method).toBe('POST')
  })

  it('are sent by the method that was said', async () => {
    expect((await asked('params --method PUT\nparam --header a b'))[0]!.method).toBe('PUT')
  })
})

const typed = async (...names: string[]): Promise<string | undefined> =>
  (await go('set a old\nread a\n', { keys: keys(...names, 'enter') })).setting('a')

describe('editing a line', () => {
  it.each<[string[], string]>([
    [['left', 'X'], 'olXd'],
    [['ctrl-u', 'ab'], 'ab'],
    [['home', 'X'], 'Xold'],
    [['home', 'right', 'delete'], 'od'],
    [['home', 'end', 'X'], 'oldX'],
    [['tab', 'esc', 'X'], 'oldX'],
    [['left', 'left', 'ctrl-k'], 'o'],
    [[' new', 'ctrl-w', 'er'], 'old er'],
    [['backspace', 'backspace'], 'o'],
    [['ctrl-a', 'backspace', 'ctrl-d'], 'ld'],
  ])('%j leaves %j', async (names, text) => {
    expect(await typed(...names)).toBe(text)
  })

  it('fails and stores nothing when its time runs out', async () => {
    const options = { profile: ipxe2Efi }
    const { outcome, setting, elapsedMs } = await go('set a old\nread --timeout 500 a\n', options)
    expect(outcome).toMatchObject({ kind: 'fails', line: 3, reason: 'Connection timed out' })
    expect(setting('a')).toBe('old')
    expect(elapsedMs).toBe(500)
  })

  it('goes back to the field before in a login', async () => {
    const { setting } = await go('login\n', {
      keys: keys('me', 'enter', 'se', 'up', 'X', 'down', 'enter'),
    })
    expect([setting('username'), setting('password')]).toEqual(['meX', 'se'])
  })
})

it('says which test was false', async () => {
  expect((await go('iseq ${platform} efi\n')).summary).toContain(
    'iseq "pcbios" "efi" is false and nothing follows ||',
  )
  expect((await go('isset ${none}\n')).summary).toContain('isset "" is false')
})

it('encodes + for a form where the build does', async () => {
  const text = 'set a x+y\nset b ${a:uristring}\n'
  expect((await go(text, { profile: ipxe2Efi })).setting('b')).toBe('x%2By')
  expect((await go(text)).setting('b')).toBe('x+y')
})

it('takes initrd= as one name under UEFI, commas and all, as the kernel does', async () => {
  const { outcome } = await go(
    'kernel http://h/k initrd=a.img,b.img\ninitrd http://h/a.img\ninitrd http://h/b.img\nboot\n',
    { profile: ipxe2Efi, network: () => true },
  )
  expect(outcome).toMatchObject({ kind: 'boots', initrds: [], missing: ['a.img,b.img'] })
})

it('knows that ibstat and fcstat take no argument', async () => {
  expect((await go('ibstat net0\n')).outcome).toMatchObject({ kind: 'fails', line: 2 })
})
