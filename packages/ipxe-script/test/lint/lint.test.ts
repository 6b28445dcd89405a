import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ipxe2Bios, ipxe2Efi, lint, lintAndFix, PROFILES, reportFindings } from '../../src/index.ts'

const plainRules = (text: string): string[] => lint(text).map(({ rule }) => rule)
const rulesOf = (text: string): string[] => lint(`#!ipxe\n${text}`).map(({ rule }) => rule)

describe('a finding', () => {
  it('has the line and the column, and is shown with carets', () => {
    const text = '#!ipxe\ndhcp || goto retry\n:retyr\nshell\n'
    const [finding] = lint(text)
    expect(finding).toMatchObject({ rule: 'undefined-label', line: 2, column: 14 })
    expect(reportFindings('boot.ipxe', text, [finding!])).toBe(
      'boot.ipxe:2:14: error: there is no label retry; there is retyr (undefined-label)\n' +
        '    dhcp || goto retry\n' +
        '                 ^^^^^\n',
    )
  })

  it('is left out where a comment says so', () => {
    expect(rulesOf('iseq ${a} b && exit # lint-ignore unguarded-test\n')).toEqual([])
    expect(rulesOf('# lint-ignore unguarded-test\niseq ${a} b && exit\n')).toEqual([])
    expect(rulesOf('# lint-ignore magic\niseq ${a} b && exit\n')).toEqual(['unguarded-test'])
  })

  it('is left out for a rule that is switched off', () => {
    expect(lint('#!ipxe\niseq ${a} b && exit\n', { ignore: ['unguarded-test'] })).toEqual([])
  })
})

describe('control flow', () => {
  it('knows that && and || bind alike, from the left', () => {
    expect(rulesOf('iseq ${a} b && goto x || goto y\n:x\nexit\n:y\nexit\n')).toEqual([])
    expect(rulesOf('isset ${a} || isset ${b} && echo one ||\n')).toEqual([])
    expect(rulesOf('isset ${a} ; echo one\n')).toEqual([])
  })

  it('follows a jump out of a menu to its entries', () => {
    expect(
      rulesOf('menu T\nitem a A\nitem b B\nchoose x || exit\ngoto ${x}\n:a\nexit\n:b\nexit\n'),
    ).toEqual([])
  })

  it('finds code behind a jump, but not behind a test', () => {
    expect(rulesOf('goto x\necho never\n:x\nshell\n')).toEqual(['unreachable'])
    expect(rulesOf('isset ${a} && goto x ||\necho maybe\n:x\nshell\n')).toEqual([])
  })

  it('takes a loop that waits for deliberate', () => {
    expect(rulesOf(':a\ndhcp || goto a\n')).toEqual([])
  })

  it('knows that a failed command in the middle of a line can be caught later', () => {
    expect(rulesOf('cpuid --ext 29 && set arch x86_64 || set arch i386\n')).toEqual([])
  })
})

describe('profiles', () => {
  it('are all checked at once', () => {
    const text = '#!ipxe\nparams\nparam mac ${mac}\nchain https://boot.example/##params\n'
    const lines = lint(text, { profiles: [ipxe2Bios, ipxe2Efi] }).map(({ message }) => message)
    expect(lines).toEqual([
      'params is not in ipxe2-bios',
      'param is not in ipxe2-bios',
      expect.stringContaining('ipxe2-bios has no https'),
    ])
  })

  it('let a probed command pass', () => {
    expect(lint('#!ipxe\nconsole --x 1024 ||\n', { profiles: [ipxe2Bios] })).toEqual([])
  })
})

describe('fixing', () => {
  it('cures several findings at once and leaves the rest alone', () => {
    const text = '\n#!ipxe\nset n 0\n:again\ninc n\niseq ${n} 3 && goto :again\nEcho done\\'
    expect(lintAndFix(text)).toBe(
      '#!ipxe\nset n:int32 0\n:again\ninc n\niseq ${n} 3 && goto again ||\necho done',
    )
  })
})

describe('any text', () => {
  const words = fc.constantFrom(
    'goto',
    'a',
    ':a',
    '||',
    '&&',
    ';',
    '#',
    '\n',
    '\n:b',
    'chain',
    '--timeout',
    '-',
    '--',
    '-t',
    'kernel',
    'boot',
    'set',
    'inc',
    'item',
    'choose',
    '${',
    '}',
    '${a}',
    '\\\n',
    '\\',
    '|',
    '"x"',
    'initrd=',
    'exit',
    'iseq',
    '\0',
    '\r\n',
  )
  const scripts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(words, { maxLength: 60 }).map((parts) => `#!ipxe\n${parts.join(' ')}`),
  )

  it('is linted and fixed without a crash, and every place lies in the text', () => {
    fc.assert(
      fc.property(scripts, (text) => {
        for (const { start, end, line, column } of lint(text, {
          profiles: [...PROFILES.values()],
        })) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeLessThanOrEqual(text.length + 1)
          expect(line).toBeGreaterThan(0)
          expect(column).toBeGreaterThan(0)
        }
        lintAndFix(text)
      }),
      { numRuns: 3000 },
    )
  }, 30_000)
})

it('a setting named at run time may be one that text cannot be stored in', () => {
  const findings = lint('#!ipxe\nset ${name} text || echo not stored\n')
  expect(findings.map(({ rule }) => rule)).not.toContain('dead-segment')
})

const shared = (name: string): string =>
  `#!ipxe\nmenu T\nitem a A\nitem b B\nchoose sel || exit 1\ngoto \${sel}\n` +
  `:a\nimgfree\ninitrd http://h/a.img || exit 1\nkernel http://h/va initrd=a.img || exit 1\ngoto boot\n` +
  `:b\nimgfree\ninitrd http://h/b.img || exit 1\nkernel http://h/vb initrd=${name} || exit 1\ngoto boot\n` +
  `:boot\n\nboot || exit 1\n`

describe('a boot that several sections share', () => {
  it('is looked at for each of them', () => {
    expect(lint(shared('b.img'))).toEqual([])
    expect(lint(shared('a.img')).map(({ rule, line }) => `${line} ${rule}`)).toEqual([
      '15 initrd-name',
    ])
  })
})

describe('exit without a number', () => {
  it('is told where only failures lead, and not where a loop begins, or a person chose', () => {
    expect(plainRules('#!ipxe\ndhcp || goto failed\n:failed\nexit\n')).toEqual([
      'exit-after-failure',
    ])
    expect(plainRules('#!ipxe\n:retry\ndhcp || goto retry\nexit\n')).toEqual([])
    expect(plainRules('#!ipxe\nprompt Boot? || goto no\necho yes\n:no\nexit\n')).toEqual([])
    // A scan fails where its list ends (iPXE src/hci/commands/pci_cmd.c).
    expect(plainRules('#!ipxe\n:next\npciscan dev || goto done\ngoto next\n:done\nexit\n')).toEqual(
      [],
    )
  })
})
