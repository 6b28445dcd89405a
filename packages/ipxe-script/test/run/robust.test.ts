import fc from 'fast-check'
import { expect, it } from 'vitest'

import { run } from '../../src/run/index.ts'
import { COMMANDS, PROFILES } from '../../src/table/index.ts'
import { randomFragments } from '../oracle/random.ts'

const WORDS = [
  ...COMMANDS.keys(),
  '||',
  '&&',
  ';',
  '#',
  ':a',
  ':b',
  'a',
  'b',
  '${a}',
  '${${a}}',
  '${',
  '}',
  '-',
  '--',
  '-n',
  '-t',
  '1',
  '-1',
  '0x7fffffff',
  '\\',
  '--name',
  '--timeout',
  '--key',
  'net0',
  'net0/mac',
  'a:int8',
  'a:hex',
  'a.ipxe',
  'http://h/a.ipxe',
  '##params',
  '\0',
  '\r',
  '\xff',
  '\u{1f600}',
]

const anyScript = fc
  .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(' ', ' ', ' ', '\n', '\n', '')), {
    maxLength: 40,
  })
  .map((parts) => `#!ipxe\n${parts.flat().join('')}`)

const profiles = [...PROFILES.values()]

it('comes to an end with an outcome, whatever the script (2,000 random scripts)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(anyScript, fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' })),
      fc.constantFrom(...profiles),
      async (script, profile) => {
        const { outcome, summary, steps } = await run(script, {
          profile,
          network: { 'http://h/a.ipxe': typeof script === 'string' ? script : '#!ipxe\ngoto a' },
          uri: 'http://h/start.ipxe',
          keys: [{ key: 'a' }, { key: 'enter' }, { key: 'esc', atMs: 10 }],
          limits: { steps: 300, work: 1_000_000 },
        })
        expect(outcome.kind).toBeTypeOf('string')
        expect(summary.length).toBeGreaterThan(0)
        expect(steps).toBeLessThanOrEqual(301)
      },
    ),
    { numRuns: 2000 },
  )
}, 60_000)

it('runs the random scripts of the comparison the same way twice', async () => {
  for (const { text } of randomFragments(50, 2)) {
    const first = await run(`#!ipxe\n${text}`)
    const second = await run(`#!ipxe\n${text}`)
    expect(second.console).toBe(first.console)
  }
}, 60_000)
