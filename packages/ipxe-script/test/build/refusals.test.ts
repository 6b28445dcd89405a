import { describe, expect, it } from 'vitest'

import {
  boot,
  choice,
  choose,
  comment,
  deriveProfile,
  dhcpOption,
  echo,
  goto,
  inc,
  IpxeScriptError,
  ipxe2Bios,
  ipxe2Efi,
  iseq,
  kernel,
  label,
  type IpxeScriptErrorCode,
  ms,
  parse,
  ping,
  prompt,
  recipes,
  script,
  scriptFor,
  seconds,
  set,
  setting,
  sleep,
  text,
  verbatim,
} from '../../src/index.ts'

/** What a call was refused with, beside what was expected. */
const refuses = (code: IpxeScriptErrorCode, make: () => unknown, says: RegExp): string => {
  try {
    make()
  } catch (error) {
    if (!(error instanceof IpxeScriptError)) throw error
    return error.code === code && says.test(error.message)
      ? 'as expected'
      : `${error.code}: ${error.message}`
  }
  return 'not refused'
}

/** Calls what the types forbid, as plain JavaScript can. */
const untyped = (call: unknown, ...args: unknown[]): unknown => {
  if (typeof call !== 'function') throw new TypeError('not a function')
  return Reflect.apply(call, undefined, args)
}

describe('what no script can say is refused', () => {
  it('an expansion written as text, with its place', () => {
    expect(refuses('ERR_IPXE_EXPANSION', () => echo('mac is ${mac}'), /at character 8 of/)).toBe(
      'as expected',
    )
    expect(
      refuses('ERR_IPXE_EXPANSION', () => echo(text`\${${setting('x')}}`), /begins an expansion/),
    ).toBe('as expected')
    expect(() => echo('a ${b c} d')).not.toThrow()
  })

  it('a NUL, with its line and column', () => {
    expect(() => echo('a\nb\0')).toThrow(
      expect.objectContaining({
        code: 'ERR_IPXE_NUL',
        position: { offset: 3, line: 2, column: 2 },
      }),
    )
  })

  it('half a surrogate pair', () => {
    expect(refuses('ERR_IPXE_SURROGATE', () => echo('x\uD800'), /character 2/)).toBe('as expected')
  })

  it('a line break in a comment or a line as written', () => {
    expect(refuses('ERR_IPXE_LINE_BREAK', () => comment('a\nboot'), /line break/)).toBe(
      'as expected',
    )
    expect(refuses('ERR_IPXE_LINE_BREAK', () => verbatim('echo \\'), /backslash at its end/)).toBe(
      'as expected',
    )
  })
})

describe('limits are kept', () => {
  it('255 arguments for a command', () => {
    expect(() => echo(...Array.from({ length: 255 }, () => 'a'))).not.toThrow()
    expect(
      refuses(
        'ERR_IPXE_LIMIT',
        () => echo(...Array.from({ length: 256 }, () => 'a')),
        /256 arguments and takes 0 to 255/,
      ),
    ).toBe('as expected')
  })

  it('500 words for a line', () => {
    const many = iseq('a', 'b')
      .and(echo('x '.repeat(249)))
      .and(echo('y '.repeat(252)))
    expect(refuses('ERR_IPXE_LIMIT', () => script(many.orEnd()), /more than 500 overflow/)).toBe(
      'as expected',
    )
  })

  it('32 KiB for a line', () => {
    expect(() => script(echo('x'.repeat(32_000)))).not.toThrow()
    expect(refuses('ERR_IPXE_LIMIT', () => script(echo('ü'.repeat(16_500))), /33005 bytes/)).toBe(
      'as expected',
    )
  })
})

describe('labels', () => {
  it('must be placed once', () => {
    expect(
      refuses(
        'ERR_IPXE_UNKNOWN_LABEL',
        () => script(goto(label('nowhere'))),
        /^line 2: goto nowhere/,
      ),
    ).toBe('as expected')
    const twice = label('twice')
    expect(refuses('ERR_IPXE_DUPLICATE_LABEL', () => script(twice, twice), /placed twice/)).toBe(
      'as expected',
    )
    expect(
      refuses(
        'ERR_IPXE_DUPLICATE_LABEL',
        () => script(label('a'), label('a')),
        /two labels are named a/,
      ),
    ).toBe('as expected')
  })

  it('are one word', () => {
    for (const name of ['', 'a b', '-a', '${a}', 'a\n', 'a\\'])
      expect(refuses('ERR_IPXE_LABEL', () => label(name), /one word/)).toBe('as expected')
  })

  it('of a menu must all be placed where the choice is gone to', () => {
    const pick = choice(setting('sel'), ['a', 'b'])
    expect(refuses('ERR_IPXE_UNKNOWN_LABEL', () => script(goto(pick), pick.at.a), /goto b/)).toBe(
      'as expected',
    )
    expect(
      refuses('ERR_IPXE_OPTION', () => untyped(choose, { default: 'c' }, pick), /not one of a, b/),
    ).toBe('as expected')
  })
})

describe('failures must be dealt with', () => {
  it('for a command', () => {
    expect(
      refuses('ERR_IPXE_UNHANDLED', () => untyped(script, boot()), /^line 2: boot can fail/),
    ).toBe('as expected')
    expect(
      refuses(
        'ERR_IPXE_UNHANDLED',
        () => untyped(script, iseq('a', 'b').and(goto(label('x')))),
        /can fail/,
      ),
    ).toBe('as expected')
  })

  it('for a block', () => {
    expect(
      refuses(
        'ERR_IPXE_UNHANDLED',
        () => untyped(script, recipes.memtest({ uri: 'http://h/' })),
        /a block can fail/,
      ),
    ).toBe('as expected')
  })
})

describe('profiles', () => {
  it('refuse a command, an option and a URI scheme that the build lacks', () => {
    expect(
      refuses(
        'ERR_IPXE_PROFILE',
        () => untyped(scriptFor, ipxe2Bios, ping('h').orEnd()),
        /ping is not in ipxe2-bios/,
      ),
    ).toBe('as expected')
    expect(
      refuses(
        'ERR_IPXE_PROFILE',
        () => untyped(scriptFor, ipxe2Efi, kernel({ quiet: true }, 'http://h/').orEnd()),
        /kernel --quiet/,
      ),
    ).toBe('as expected')
    expect(
      refuses(
        'ERR_IPXE_PROFILE',
        () => scriptFor(ipxe2Bios, kernel('https://h/').orEnd()),
        /has no https, only http/,
      ),
    ).toBe('as expected')
    expect(() => scriptFor(ipxe2Efi, kernel('https://h/').orEnd())).not.toThrow()
  })

  it('can be made of another', () => {
    const lab = deriveProfile(ipxe2Bios, { name: 'lab', add: ['ping'] })
    expect(scriptFor(lab, ping({ count: 1 }, 'h').orEnd()).text).toContain('ping --count 1 h')
  })
})

describe('values of the wrong kind', () => {
  it('are refused in plain JavaScript too', () => {
    expect(refuses('ERR_IPXE_VALUE', () => sleep(ms(500)), /whole number of seconds/)).toBe(
      'as expected',
    )
    expect(
      refuses('ERR_IPXE_OPTION', () => untyped(prompt, { timeout: 5000 }), /5000 is not a time/),
    ).toBe('as expected')
    expect(
      refuses(
        'ERR_IPXE_OPTION',
        () => untyped(kernel, { nmae: 'x' }, 'http://h/'),
        /nmae is not one of its options \(--name/,
      ),
    ).toBe('as expected')
    expect(refuses('ERR_IPXE_ARGUMENT', () => untyped(iseq, 'a'), /1 arguments and takes 2/)).toBe(
      'as expected',
    )
    expect(refuses('ERR_IPXE_LINE', () => untyped(script, 'boot'), /boot is no line/)).toBe(
      'as expected',
    )
    expect(
      refuses(
        'ERR_IPXE_VALUE',
        () => set(setting('n', 'uint8'), 256),
        /not a whole number from 0 to 255/,
      ),
    ).toBe('as expected')
    expect(
      refuses('ERR_IPXE_VALUE', () => set(setting('a', 'ipv4'), '1.2.3'), /not an IPv4 address/),
    ).toBe('as expected')
    expect(
      refuses('ERR_IPXE_SETTING', () => untyped(inc, setting('n')), /not an integer type/),
    ).toBe('as expected')
    expect(
      refuses('ERR_IPXE_VALUE', () => untyped(prompt, { key: 'escape' }), /is not a letter/),
    ).toBe('as expected')
    expect(refuses('ERR_IPXE_VALUE', () => seconds(-1), /not a whole number/)).toBe('as expected')
  })

  it('are refused as types of settings', () => {
    expect(
      refuses('ERR_IPXE_SETTING', () => untyped(setting, 'a', 'int7'), /"int7" is not one of/),
    ).toBe('as expected')
  })

  it('are refused as names of settings', () => {
    for (const name of ['1', '0x10', '175.3', '', 'a b', 'a}', 'a:int8', 'a/b/c', 'chr-0a', '-n'])
      expect(refuses('ERR_IPXE_SETTING', () => setting(name), /^setting name/)).toBe('as expected')
    expect(refuses('ERR_IPXE_SETTING', () => dhcpOption(300), /from 0 to 254/)).toBe('as expected')
  })
})

describe('a hostile value', () => {
  it('in any place of text never changes how the script is read', () => {
    const hostile = [
      '\nboot',
      '||',
      '&& reboot',
      '; reboot',
      '# x',
      '-n',
      '--autofree',
      '\\',
      ' ',
      '',
      '\r\n:label',
      '\t',
    ]
    for (const value of hostile) {
      const built = script(
        echo(value),
        set(setting('x'), value),
        kernel('http://h/', value, value).orExit(),
        iseq(value, value).orIgnore(),
        prompt(value).orIgnore(),
      )
      const { lines, errors } = parse(built.text)
      expect(errors).toEqual([])
      const commands = lines.map((line) => line.segments.map((segment) => segment.words[0]?.text))
      expect(commands.slice(-5)).toEqual([
        ['echo'],
        ['set'],
        ['kernel', 'exit'],
        ['iseq', undefined],
        ['prompt', undefined],
      ])
      expect(lines.every((line) => line.label === undefined)).toBe(true)
    }
  })
})
