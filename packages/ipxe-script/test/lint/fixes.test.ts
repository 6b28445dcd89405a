import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { applyFixes, type Finding, lint, run, type RunResult } from '../../src/index.ts'
import { exampleOf } from '../../src/lint/page.ts'
import { RULES } from '../../src/lint/rules/index.ts'
import { corpus, FILES } from '../oracle/fragments.ts'
import { randomFragments } from '../oracle/random.ts'

/*
 * A fix may change what its finding names and nothing else. So the interpreter runs every script before and after each
 * single fix, on both kinds of firmware and with different keys, and both runs must be the same up to the line of the
 * finding.
 */

const network = Object.fromEntries(
  Object.entries(FILES).map(([name, body]) => [`http://boot.example/${name}`, body]),
)

/** No key at all, Enter, the second entry, Escape, and a word with Enter. */
const KEYS: readonly (readonly string[])[] = [
  [],
  ['enter', 'enter', 'enter'],
  ['down', 'enter', 's'],
  ['esc', 'esc'],
  ['7', 'enter', 'x'],
]

type Platform = 'pcbios' | 'efi'

const runOn = (text: string, platform: Platform, keys: readonly string[]): Promise<RunResult> =>
  run(text, {
    network,
    uri: 'http://boot.example/start.ipxe',
    machine: { platform, serial: 'A 1/2#3&b', product: 'Box & Co' },
    keys: keys.map((key) => ({ key })),
    limits: { steps: 300, trace: 400 },
  })

/** Steps of the script itself, as `line: words -> status`; scripts that it runs have a name. */
const stepsOf = ({ trace }: RunResult): { line: number; shown: string; status: number }[] =>
  trace
    .filter(({ script }) => script === 'http://boot.example/start.ipxe')
    .map(({ line, command, status }) => ({
      line,
      shown: `${command.join(' ')} -> ${status}`,
      status,
    }))

/** Rules whose fix lets a script go on that ended at the finding. */
const GUARDS = new Set(['unguarded-test', 'prompt-timeout', 'optional-command'])

/** Rules whose fix makes a line run that did not: the one after the finding's. */
const REVEALS = new Set(['comment-continuation', 'dangling-continuation'])

/** How many lines a fix at a place adds before it: `#!ipxe`, or lines of blanks taken away. */
const shiftOf = (before: string, after: string): number =>
  after.split('\n').length - before.split('\n').length

/** What is wrong with the change that a fix made to a run; nothing where the finding said it. */
const wrongWith = (
  { rule, line: first }: Finding,
  last: number,
  old: readonly ReturnType<typeof stepsOf>[number][],
  made: readonly ReturnType<typeof stepsOf>[number][],
  shift: number,
): string | undefined => {
  const at = old.findIndex(
    ({ shown, line }, index) => shown !== made[index]?.shown || line + shift !== made[index]?.line,
  )
  const differs = at >= 0 ? at : made.length > old.length ? old.length : -1
  if (differs < 0) return undefined
  const isOnLine = (line = 0): boolean => line >= first && line <= last
  const [before, after] = [old[differs], made[differs]]
  if (GUARDS.has(rule)) {
    // All that was done is done again, and the last of it failed on the line of the finding.
    if (before) return 'something else is done before the script ended'
    const end = old.at(-1)
    return end && end.status !== 0 && isOnLine(end.line) ? undefined : 'it did not end there'
  }
  if (REVEALS.has(rule)) {
    // A jump looks through all lines for its label and fails otherwise where the last one dangles.
    const failsBoth = (before?.status ?? 0) !== 0 && (after?.status ?? 0) !== 0
    // Or the line that runs now is the label that a jump did not find.
    const findsLabel =
      before !== undefined &&
      before.shown.startsWith('goto ') &&
      before.status !== 0 &&
      after?.status === 0 &&
      (made[differs + 1]?.line ?? Number.POSITIVE_INFINITY) > first
    return failsBoth || findsLabel || (before ?? after)!.line >= first
      ? undefined
      : 'it differs above'
  }
  if (!isOnLine((before ?? after)!.line)) return 'it differs on another line'
  // A fix makes nothing fail that worked, but for a test that could not be false.
  const isWorse = before?.status === 0 && (after?.status ?? 0) !== 0
  return isWorse && rule !== 'isset-name' ? 'it fails now' : undefined
}

const faultsOf = async (text: string, finding: Finding): Promise<object[]> => {
  const fixed = applyFixes(text, [finding])
  const shift = finding.rule === 'magic' ? shiftOf(text, fixed) : 0
  const last = finding.line + text.slice(finding.start, finding.end).split('\n').length
  const faults: object[] = []
  for (const platform of ['pcbios', 'efi'] as const)
    for (const keys of KEYS) {
      // oxlint-disable-next-line no-await-in-loop -- one machine after the other
      const [before, after] = await Promise.all([
        runOn(text, platform, keys),
        runOn(fixed, platform, keys),
      ])
      const [old, made] = [stepsOf(before), stepsOf(after)]
      const wrong = wrongWith(finding, last, old, made, shift)
      if (wrong !== undefined)
        faults.push({ wrong, rule: finding.rule, text, fixed, platform, keys, old, made })
    }
  return faults
}

/** Every fix offered for a script, each by itself: how many, and what is wrong with them. */
const checkAll = async (texts: readonly string[]): Promise<{ fixes: number; faults: object[] }> => {
  let fixes = 0
  const faults: object[] = []
  for (const text of texts)
    for (const finding of lint(text)) {
      if (finding.fix === undefined) continue
      fixes++
      // oxlint-disable-next-line no-await-in-loop -- one fix after the other
      faults.push(...(await faultsOf(text, finding)))
    }
  return { fixes, faults }
}

/** What people write and mean otherwise, beside what they write and mean just so. */
const SLIP = fc.constantFrom(
  'iseq ${a} b && echo equal',
  'isset ${a} && iseq ${a} 1 && goto l3',
  'cpuid --ext 29 && echo wide',
  'iseq ${platform} efi ; iseq a b && echo no',
  'iseq ${a} b && # why',
  'iseq ${a} \\\n b && echo equal',
  'isset ${none} && echo set # as it should',
  'cpuid --ext 29',
  'isset ${a}',
  'prompt --timeout 500 go',
  'prompt --key s --timeout 900 Press s for a shell; reboot in 9 s && echo s || echo late',
  'prompt --timeout 900 one | two || goto l3',
  'console --x 1024',
  'params',
  'md5sum a.txt',
  'Echo hello',
  'IMGFREE',
  'goto :l3',
  'goto :l9 || echo none',
  'set a=5',
  'set a=',
  'set net0/gateway=10.0.0.1',
  'set net0/ip=dhcp',
  'set net0/ip=10.0.0.300',
  'set a:int32=7',
  'set a:int32=x',
  'set b x=y',
  'set n 0',
  'set n 007',
  'set n 0x10',
  'set n five',
  'set n ${a}',
  'set n 99999999999',
  'set priority 3',
  'inc priority',
  'set n:string 4',
  'inc n',
  'inc n && echo ${n}',
  'clear n',
  'isset a',
  'isset http://boot.example/',
  'isset net0/mac && echo card',
  'isset "${a}"',
  'echo $a and ${a}',
  'iseq $platform pcbios && echo it is ||',
  'imgfetch sub/rel.txt?serial=${serial} || echo gone',
  'imgfetch http://boot.example/sub/rel.txt?product=${product} ||',
  'chain http://boot.example/sub/ok.ipxe?serial=${serial} || echo gone',
  'set filename sub/ok.ipxe',
  'chain http://boot.example/${filename} || echo gone',
  'chain http://${hostname}/x || echo gone',
  'chain sub/ok.ipxe --autofree || echo gone',
  'chain sub/ok.ipxe --replace',
  'imgfetch sub/rel.txt --name=other ||',
  'kernel sub/ok.ipxe --quiet root=/dev/sda ||',
  'kernel sub/ok.ipxe --timeout=5 ||',
  'imgargs rel.txt --name=x --config="find /a; kernel /b;boot" ||',
  'kernel sub/ok.ipxe ds=nocloud;s=http://boot.example/ a|b && echo done ||',
  'chain sub/none.ipxe | goto l3',
  'chain sub/ok.ipxe || | echo x',
  'dhcp ||goto l3',
  'dhcp|| echo x',
  'dhcp net0 | goto l3',
  'ifstat; imgstat',
  'imgstat;',
  'reboot later;',
  'echo usage: shell; reboot or exit',
  'echo a ||echo b',
  'menu Boot menu | Lab A',
  'item one First | entry',
  'item back < Back',
  'choose --timeout 100 s || goto l3',
  'set dev Wireless | Ethernet',
  'set note one; two',
  'echo ${note}',
  'echo ${n}',
  'param a b ||',
  '# a comment C:\\',
  '# another \\\n',
  'echo x > y',
  'sleep 1;',
  'sleep 1 & echo x',
  'exit ||echo no',
)

const script = fc
  .record({
    head: fc.constantFrom('#!ipxe\n', '#!ipxe\n', '#!ipxe\n', '\n#!ipxe\n', '', '\uFEFF#!ipxe\n'),
    before: fc.array(SLIP, { maxLength: 4 }),
    after: fc.array(SLIP, { minLength: 1, maxLength: 5 }),
    end: fc.constantFrom('\n', '\n', '', '\\'),
  })
  .map(
    ({ head, before, after, end }) =>
      `${head}${before.join('\n')}\n:l1\n${after.join('\n')}\n:l3\necho end \${a} \${n}${end}`,
  )

describe('every fix changes what its finding says and nothing else', () => {
  it('in the examples of the rules', async () => {
    const curing = RULES.filter((rule) => rule.fixes)
    const texts = curing.flatMap((rule) => [exampleOf(rule, 'bad'), exampleOf(rule, 'good')])
    const { fixes, faults } = await checkAll(texts)
    expect(faults).toEqual([])
    expect(fixes).toBeGreaterThanOrEqual(curing.length)
  }, 60_000)

  it('in the scripts that are compared with the real iPXE', async () => {
    const { faults } = await checkAll(corpus().map(({ text }) => `#!ipxe\n${text}`))
    expect(faults).toEqual([])
  }, 120_000)

  it('in random scripts', async () => {
    const { faults } = await checkAll(randomFragments(150, 15).map(({ text }) => `#!ipxe\n${text}`))
    expect(faults).toEqual([])
  }, 120_000)

  it('among slips of all kinds', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (text) => {
        expect((await checkAll([text])).faults).toEqual([])
      }),
      { numRuns: 300 },
    )
  }, 240_000)
})
