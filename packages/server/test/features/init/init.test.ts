import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { bootwire } from '../../run-command.ts'
import { temporaryFolder } from '../../support.ts'

describe('bootwire init', () => {
  it('init writes what check finds valid, and overwrites nothing', async () => {
    const file = join(temporaryFolder(), 'boot.yaml')
    expect(await bootwire('init', file)).toMatchObject({ code: 0 })
    const { code, out } = await bootwire('check', file)
    expect({ code, out }).toEqual({
      code: 0,
      out: `${file} is valid: 3 profiles, 1 machines, 1 groups\n`,
    })
    expect(await bootwire('init', file)).toMatchObject({ code: 2 })
    expect(await bootwire('init', `${file}/below`)).toMatchObject({ code: 1 })
  })

  it('takes one file', async () => {
    expect(await bootwire('init', 'a', 'b')).toMatchObject({ code: 2 })
    expect((await bootwire('init', '--help')).out).toContain('bootwire init [FILE]')
  })
})
