import fc from 'fast-check'

import { echo, script, type ScriptLine, set, setting, text } from '../../src/build/index.ts'
import { IpxeScriptError } from '../../src/errors.ts'

const PIECES = [
  ' ',
  '  ',
  '\t',
  '\n',
  '\r',
  '\v',
  '\f',
  '\x01',
  '\x07',
  '\x1b',
  '\x7f',
  '||',
  '&&',
  ';',
  '#',
  '#!ipxe',
  '-',
  '--',
  '-n',
  '${',
  '}',
  '$',
  '{',
  '$${',
  '{}',
  '\\',
  '\\\n',
  '"',
  "'",
  ':',
  '::',
  '/',
  '%',
  '%20',
  '=',
  '?',
  '&',
  '|',
  'a',
  'echo',
  'goto x',
  'é',
  '€',
  '😀',
  '\u{feff}',
  '0',
  '0x',
  '.',
  ',',
  '~',
  '`',
  '<',
  '>',
  '*',
]

/** Strings made of whatever has a meaning somewhere, and of anything else. */
export const ANY_STRING: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.string({ maxLength: 24 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

const V = setting('v')

const linesFor = (value: string, index: number): ScriptLine[] => [
  set(V, value),
  echo(text`@@${index} ${V.as('hexraw')}`),
]

/** True where the builder can say the string; it refuses the others with a code. */
export const canSay = (value: string): boolean => {
  try {
    script(...linesFor(value, 0))
    return true
  } catch (error) {
    if (error instanceof IpxeScriptError) return false
    throw error
  }
}

/** Different strings that can be said, the same ones for the same seed. */
export const strings = (count: number, seed: number): string[] => {
  const found = new Set<string>()
  for (let round = 0; found.size < count; round++)
    for (const value of fc.sample(ANY_STRING, { numRuns: count, seed: seed + round }))
      if (found.size < count && canSay(value)) found.add(value)
  return [...found]
}

/** A script that sets each string and prints the octets that arrived; `echo` prints those that show on a screen. */
export const scriptOf = (values: readonly string[]): string =>
  String(
    script(
      ...values.flatMap((value, index) => [
        ...linesFor(value, index),
        ...(isVisible(value) ? [echo(`[`, value, ']')] : []),
      ]),
    ),
  )

const isVisible = (value: string): boolean => /^[\x20-\x7e]*$/.test(value)

const hexOf = (value: string): string => Buffer.from(value, 'utf8').toString('hex')

/** What must stand on the console for each string. */
export const expectedFor = (values: readonly string[]): string[] =>
  values.map((value, index) =>
    [`@@${index} ${hexOf(value)}`, ...(isVisible(value) ? [`[ ${value} ]`] : [])].join('\n'),
  )

/** The console, cut before each mark. */
export const answersIn = (console: string): string[] =>
  console
    .split(/^(?=@@\d+ )/m)
    .slice(console.startsWith('@@0 ') ? 0 : 1)
    .map((answer) => answer.replace(/\n+$/, ''))
