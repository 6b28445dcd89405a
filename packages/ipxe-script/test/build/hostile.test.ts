import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { buildCommand } from '../../src/build/command.ts'
import { Command } from '../../src/build/step.ts'
import {
  comment,
  COMMANDS,
  type CommandSpec,
  IpxeScriptError,
  item,
  label,
  net,
  parse,
  script,
  seconds,
  set,
  setting,
  verbatim,
} from '../../src/index.ts'

/** Values that would do harm, were they put into a script as they are. */
const hostile = fc.oneof(
  fc.constantFrom(
    '\nboot',
    '\r\n:label\r\nreboot',
    '||',
    '&&',
    ';',
    '|| reboot',
    'x ; reboot',
    '#',
    '# rest',
    '-n',
    '--autofree',
    '--',
    '-',
    '\\',
    'x\\',
    ' ',
    '',
    '\t',
    '\0',
    '${x}',
    '${',
    '}',
    ':label',
    '#!ipxe',
    '\uD800',
    '\u2028',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom('\n', '|', '||', ' ', '&&', ';', '#', '$', '{', '}', '\\', '-', 'a', '\0'),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
)

const argumentOf = (kind: string, value: string): unknown => {
  if (kind === 'setting' || kind === 'existing') return setting('x')
  if (kind === 'int') return 7
  if (kind === 'seconds') return seconds(7)
  return kind === 'net' ? net(0) : value
}

const optionsOf = (spec: CommandSpec, value: string): Record<string, unknown> =>
  Object.fromEntries(
    spec.options.filter((option) => option.value === 'string').map(({ long }) => [long, value]),
  )

/** The first words of the commands of every line that a text makes, and its labels. */
const structureOf = (text: string): unknown => {
  const { lines, errors } = parse(text)
  expect(errors).toEqual([])
  return lines
    .filter(
      ({ segments }) =>
        !/^set$/.test(segments[0]?.words[0]?.text ?? '') || segments[0]!.words[1]?.text === 'x',
    )
    .map(({ segments, label: at, comment: rest }) => [
      at?.text,
      segments.map(({ words }) => words[0]?.text),
      rest !== undefined,
    ])
}

/** What the code refuses is as good as what it writes rightly. */
const unlessRefused = (make: () => void): void => {
  try {
    make()
  } catch (error) {
    if (!(error instanceof IpxeScriptError)) throw error
  }
}

const specs = [...COMMANDS.values()].filter(
  ({ arguments: kinds, name }) =>
    !kinds.some(({ kind }) => kind === 'label' || kind === 'command') && name !== 'set',
)

describe('a hostile value', () => {
  it('in any argument and any option of any command never changes how the script is read', () => {
    fc.assert(
      fc.property(fc.constantFrom(...specs), hostile, fc.boolean(), (spec, value, withOptions) => {
        unlessRefused(() => {
          const args = spec.arguments.map(({ kind }) => argumentOf(kind, value))
          const given = withOptions ? [optionsOf(spec, value), ...args] : args
          const { command, text } = buildCommand(spec, given, true)
          const built = script(
            new Command<never, 'fallible'>(command, text, true).orExit(3),
            label('end'),
          )
          expect(structureOf(built.text)).toEqual([
            [undefined, [], true],
            [undefined, [spec.name, 'exit'], false],
            ['end', [], false],
          ])
        })
      }),
      { numRuns: 10_000 },
    )
  }, 30_000)

  it('as the value of a setting, the text of a menu, a comment or a label never does either', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        unlessRefused(() => {
          expect(structureOf(script(set(setting('x'), value), label('end')).text)).toEqual([
            [undefined, [], true],
            [undefined, ['set'], false],
            ['end', [], false],
          ])
        })
        unlessRefused(() => {
          const at = label('at')
          expect(structureOf(script(at, item(at, value).orEnd()).text)).toEqual([
            [undefined, [], true],
            ['at', [], false],
            [undefined, ['item'], false],
          ])
        })
        unlessRefused(() => {
          expect(structureOf(script(comment(value), label('end')).text)).toEqual([
            [undefined, [], true],
            [undefined, [], true],
            ['end', [], false],
          ])
        })
        unlessRefused(() => {
          expect(structureOf(script(label(value)).text)).toEqual([
            [undefined, [], true],
            [value, [], false],
          ])
        })
        unlessRefused(() => {
          expect(parse(script(verbatim(value).orIgnore(), label('end')).text).lines).toHaveLength(3)
        })
      }),
      { numRuns: 4000 },
    )
  }, 30_000)
})
