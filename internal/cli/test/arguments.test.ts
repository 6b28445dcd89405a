import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { capture } from '../src/testing.ts'
import { sample } from './sample.ts'

const call = (...args: string[]) => capture(sample.main, args)
const read = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await call('get', ...args)).out)

describe('options and words', () => {
  it('come as their types, with defaults', async () => {
    expect(await read('u')).toEqual({ window: 16, set: [], json: false, positionals: ['u'] })
    expect(
      await read(
        '-w',
        '3',
        '--port=0',
        'u',
        '--set',
        'a=b=c',
        '--json',
        '--set=d=',
        'f',
        '--mode',
        'octet',
      ),
    ).toEqual({
      window: 3,
      port: 0,
      mode: 'octet',
      set: [
        ['a', 'b=c'],
        ['d', ''],
      ],
      json: true,
      positionals: ['u', 'f'],
    })
  })

  it('are words behind --', async () => {
    expect(await read('--', '--json', '-x')).toMatchObject({
      json: false,
      positionals: ['--json', '-x'],
    })
    expect(await read('-')).toMatchObject({ positionals: ['-'] })
  })

  it.each([
    [['get'], 'URL is missing: sample get URL [FILE]'],
    [['get', 'a', 'b', 'c'], '"c" is too much: sample get URL [FILE]'],
    [['many'], 'FILE is missing: sample many FILE…'],
    [['need', '-k', '1', 'x'], '"x" is not an option, and sample need takes nothing else'],
    [['need'], '--key is missing'],
    [['need', '--json'], 'need has no option --json; get has it'],
    [['get', 'u', '-k'], 'get has no option -k; need, late have it'],
    [['get', 'u', '--windw', '3'], 'get has no option --windw; did you mean "--window"?'],
    [['get', 'u', '--zzzzzzzz'], 'get has no option --zzzzzzzz; allowed: --window, --port'],
    [['get', 'u', '--constructor'], 'get has no option --constructor'],
    [['many', 'u', '--all'], 'many has no option --all'],
    [['get', 'u', '--window'], '--window needs a value: --window BLOCKS'],
    [
      ['get', 'u', '--window', '--json'],
      '--window needs a value; if --json is it, write --window=--json',
    ],
    [['get', 'u', '--json=yes'], '--json takes no value; "yes" was given'],
    [['get', 'u', '--port', '1', '--port', '2'], '--port is given twice; one value counts'],
    [['get', 'u', '--port', '70000'], '--port 70000 is no port; 0 to 65535 are allowed'],
    [['get', 'u', '--port='], '--port "" is no port'],
    [['get', 'u', '--port', '0x50'], '--port 0x50 is no port'],
    [['get', 'u', '-w', '65'], '-w 65 is no whole number from 1 to 64 (blocks)'],
    [['get', 'u', '-w', '1e1'], '-w 1e1 is no whole number from 1 to 64'],
    [
      ['get', 'u', '--mode', 'octett'],
      '--mode octett is not one of octet, netascii; did you mean "octet"?',
    ],
    [['get', 'u', '--set', 'a'], '--set a is not NAME=VALUE'],
    [['get', 'u', '--set', '=a'], '--set =a is not NAME=VALUE'],
  ])('%j is refused', async (args, words) => {
    const { code, out, err } = await call(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`sample: ${words}`)
    expect(err).toContain(`(sample ${args[0]} --help tells more)`)
  })

  it('any command line ends with 0, 1 or 2 and never throws', async () => {
    const word = fc.oneof(
      fc.constantFrom(
        'get',
        'need',
        'many',
        '-k',
        '--key',
        '--set',
        '--',
        '-',
        '--json',
        '-w',
        '-h',
        '--port=1',
        '-wk',
      ),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (args) => {
        expect([0, 1, 2, 3]).toContain((await call(...args)).code)
      }),
    )
  })
})
