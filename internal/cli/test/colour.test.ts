import { Writable } from 'node:stream'

import { describe, expect, it } from 'vitest'

import { isColoured } from '../src/colour.ts'
import { capture } from '../src/testing.ts'
import { sample } from './sample.ts'

const output = (isTTY: boolean) => Object.assign(new Writable(), { isTTY })

describe('colour', () => {
  it.each([
    [true, {}, true, 'a terminal'],
    [false, {}, false, 'a pipe'],
    [true, { NO_COLOR: '1' }, false, 'NO_COLOR'],
    [true, { NO_COLOR: '' }, true, 'an empty NO_COLOR says nothing'],
    [true, { TERM: 'dumb' }, false, 'a dumb terminal'],
    [false, { FORCE_COLOR: '1' }, true, 'FORCE_COLOR'],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, 'FORCE_COLOR wins'],
    [true, { FORCE_COLOR: '0' }, false, 'FORCE_COLOR=0'],
    [true, { FORCE_COLOR: 'false' }, false, 'FORCE_COLOR=false'],
  ])('terminal: %s, %j: %s (%s)', (isTTY, environment, expected, _why) => {
    expect(isColoured(output(isTTY), environment)).toBe(expected)
  })

  it('reaches what commands print', async () => {
    const environment = { FORCE_COLOR: '1' }
    expect((await capture(sample.main, ['many', 'a'], { environment })).out).toBe(
      '\u001B[31ma\u001B[39m\n',
    )
    expect((await capture(sample.main, ['zz'], { environment })).err).toContain(
      '\u001B[31msample:\u001B[39m there is no command',
    )
    expect((await capture(sample.main, ['many', 'a'])).out).toBe('a\n')
  })
})
