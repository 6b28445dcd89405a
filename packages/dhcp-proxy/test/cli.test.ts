import { capture } from '@bootwire-internal/cli/testing'
import { describe, expect, it } from 'vitest'

import { main } from '../src/cli/main.ts'
import { CLIENT_KINDS } from '../src/clients/index.ts'

const run = (...args: string[]) => capture(main, args)

describe('bootwire-dhcp', () => {
  it('helps, and names every client it can be', async () => {
    const { code, out } = await run('probe', '--help')
    expect(code).toBe(0)
    for (const kind of Object.keys(CLIENT_KINDS)) expect(out).toContain(kind)
  })

  it('tells its version', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d/) })
  })

  it.each([
    [[], 'no command; there are: probe'],
    [['serve'], 'there is no command "serve"'],
    [['probe'], '--as'],
    [['probe', '--as', 'constructor'], '--as constructor'],
    [['probe', '--as', 'bios', '--mac', '1'], '--mac 1 is not like 52:54:00:12:34:56'],
    [['probe', '--as', 'bios', '--wait', '0'], '--wait 0 is outside 1-60 seconds'],
    [['probe', '--as', 'bios', '--option', '300=x'], 'names no option code of 1 to 254'],
    [['probe', '--as', 'bios', '--uuid', 'x'], '--uuid x is no UUID'],
    [
      ['probe', '--as', 'bios', '--address', '192.0.2.77'],
      'no interface of this host is 192.0.2.77',
    ],
    [['probe', '--colour'], 'probe has no option --colour'],
  ])('refuses %j with exit code 2 and says what is allowed', async (args, words) => {
    const { code, err } = await run(...args)
    expect(err).toContain(words)
    expect(code).toBe(2)
  })
})
