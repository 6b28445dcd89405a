import { describe, expect, it } from 'vitest'

import { capture } from '../src/testing.ts'
import { sample } from './sample.ts'

const call = (...args: string[]) => capture(sample.main, args)

describe('the program', () => {
  it.each(['--help', '-h', 'help'])('lists its commands for %s', async (word) => {
    const { code, out, err } = await call(word)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(
      [
        'sample: shows the kit',
        '',
        'Usage: sample COMMAND [OPTION…]',
        '',
        '  get URL [FILE]  read a file',
        '  need            needs a key',
        '  fail HOW        fails',
        '  many FILE…      takes files',
        '  late            is loaded late',
        '  other           is another program',
        '',
        'sample COMMAND --help tells more of one; sample --version prints the version.',
        '',
        'A URL is tftp://HOST/FILE.',
        '',
        'Exit codes: 0 done, 1 failed or something was found, 2 wrong usage.',
        '',
      ].join('\n'),
    )
  })

  it('prints its version, before or behind a command', async () => {
    for (const args of [['--version'], ['get', '--version']])
      expect(await call(...args)).toMatchObject({ code: 0, out: '1.2.3\n', err: '' })
  })

  it.each([
    [[], 'no command; there are: get, need, fail, many, late, other (sample --help tells more)'],
    [['gte'], 'there is no command "gte"; did you mean "get"? (sample --help tells more)'],
    [['zzzzzz'], 'there is no command "zzzzzz"; allowed: get, need'],
    [['constructor'], 'there is no command "constructor"'],
    [['--hlep'], 'there is no option --hlep; did you mean "--help"?'],
    [['--nope'], 'there is no option --nope; a command comes first: get, need'],
    [['--window=3', 'get'], '--window=3 belongs behind a command: sample get --window=3'],
  ])('refuses %j with exit code 2', async (args, words) => {
    const { code, out, err } = await call(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`sample: ${words}`)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it('loads a command when it is asked for, and hands the rest to another program', async () => {
    expect(await call('late', '-k', '1')).toMatchObject({ code: 0, out: '1\n' })
    expect(await call('other', 'a', '--any', '-h')).toMatchObject({
      code: 3,
      out: 'other got a --any -h\n',
    })
  })
})

describe('the help of a command', () => {
  it.each([
    ['get', '--help'],
    ['get', '-h'],
    ['get', 'u', '--window', '3', '-h'],
  ])('shows words, options, choices and defaults for %j', async (...args) => {
    const { code, out, err } = await call(...args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe(
      [
        'Usage: sample get URL [FILE] [OPTION…]',
        '',
        'Read a file.',
        '',
        '  -w, --window BLOCKS  blocks under way (default: 16)',
        '  --port PORT          where to ask',
        '  --mode NAME          how (one of octet, netascii)',
        '  --set NAME=VALUE     a setting (may be repeated)',
        '  --json               as JSON',
        '  -h, --help           print this',
        '',
      ].join('\n'),
    )
  })

  it('prefers the description, and names no options where there are none', async () => {
    expect((await call('need', '-h')).out).toContain('\nNeeds a key.\n\nSecond paragraph.\n')
    expect((await call('many', '-h')).out).toContain('Usage: sample many FILE…\n')
  })

  it('keeps lines below 100 columns', async () => {
    for (const { length } of (await call('get', '-h')).out.split('\n'))
      expect(length).toBeLessThan(101)
  })
})

describe('exit codes', () => {
  it.each([
    ['usage', 2, 'sample: no such thing (sample fail --help tells more)\n'],
    ['coded', 1, 'sample: too many (ERR_SAMPLE_LIMIT)\n'],
    ['system', 1, 'sample: ENOENT: no such file\n'],
    ['own', 2, 'a:1:1: wrong\nb:2:2: wrong\n'],
  ])('%s error: %i', async (how, code, err) => {
    expect(await call('fail', how)).toMatchObject({ code, out: '', err })
  })

  it('a defect of the program keeps its stack', async () => {
    await expect(call('fail', 'defect')).rejects.toThrow('x is undefined')
  })

  it('run gives another', async () => {
    expect(await call('many', 'a', 'b')).toMatchObject({ code: 0 })
    expect(await call('many', 'a', 'b', 'c')).toMatchObject({ code: 1, out: 'a+b+c\n' })
  })
})
