import { describe, expect, it } from 'vitest'

import { bootwire } from '../../run-command.ts'

describe('bootwire simulate', () => {
  it('is listed, and says what it takes', async () => {
    expect((await bootwire('--help')).out).toMatch(/^  simulate /m)
    expect((await bootwire('simulate', '--help')).out).toContain('--as KIND')
  })

  it.each([
    [['--as', 'toaster'], '--as toaster is not one of bios'],
    [['--mac', 'zz'], '--mac zz is no hardware address'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await bootwire('simulate', ...args)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('says so where no daemon runs', async () => {
    const { code, err } = await bootwire('simulate', '--data-dir', '/nonexistent')
    expect(code).toBe(1)
    expect(err).toContain('no running daemon')
  })
})
