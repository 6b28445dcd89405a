import { capture } from '@bootwire-internal/cli/testing'
import { describe, expect, it } from 'vitest'

import { main } from '../../src/cli/main.ts'
import { CLIENT_KINDS } from '../../src/probe/kinds.ts'

describe('bootwire-dhcp', () => {
  it('helps, and names every client it can be', async () => {
    const { code, out } = await capture(main, ['probe', '--help'])
    expect(code).toBe(0)
    for (const kind of Object.keys(CLIENT_KINDS)) expect(out).toContain(kind)
  })

  it.each([
    [['probe'], '--as is missing; allowed: uefi-x64'],
    [['probe', '--as', 'constructor'], '--as constructor is not one of uefi-x64'],
    [['probe', '--as', 'bios', '--mac', '1'], '--mac 1 is not like 52:54:00:12:34:56'],
    [['probe', '--as', 'bios', '--wait', '0'], '--wait 0 is outside 1-60 seconds'],
    [['probe', '--as', 'bios', 'now'], '"now" is not an option'],
    [
      ['probe', '--as', 'bios', '--address', '192.0.2.77'],
      'no interface of this host is 192.0.2.77',
    ],
  ])('refuses %j with exit code 2 and says what is allowed', async (args, words) => {
    const { code, err } = await capture(main, args)
    expect(err).toContain(words)
    expect(code).toBe(2)
  })
})
