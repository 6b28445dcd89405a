import type { RunOptions, RunResult } from '../../src/run/index.ts'
import { LANGUAGE, type Language } from '../../src/run/language.ts'
import { runWith } from '../../src/run/run.ts'
import { FILES, type Fragment } from './fragments.ts'
import { normalise, unwrap } from './normalise.ts'
import { boot } from './qemu.ts'

/** What both worlds said about one fragment. */
export interface Comparison {
  readonly fragment: Fragment
  readonly ours: string
  readonly theirs: string
  readonly agrees: boolean
}

const fileOf = (index: number): string => `f${index}.ipxe`

/** What fragments set, cleared after each of them so that none changes the next. */
const SHARED = [
  'a',
  'b',
  'c',
  'q',
  'blk/a',
  'blk/d',
  'net0/e',
  '175.201',
  '12',
  'username',
  'priority',
]

/** One script that runs every fragment as a script of its own, and marks where each one ends and with which error. */
const masterOf = (fragments: readonly Fragment[]): string =>
  [
    '#!ipxe',
    'dhcp',
    'echo @@start',
    ...fragments.flatMap((_, index) => [
      `chain --autofree ${fileOf(index)} && echo @@ended || echo @@failed \${errno}`,
      'imgfree',
      ...SHARED.map((name) => `clear ${name}`),
    ]),
    'sleep 1',
    'reboot',
    '',
  ].join('\n')

const scriptsOf = (fragments: readonly Fragment[]): Record<string, string> =>
  Object.fromEntries(fragments.map(({ text }, index) => [fileOf(index), `#!ipxe\n${text}`]))

/** The machine that QEMU makes: one card in its user network, no disk, a CPU with 64-bit mode. */
const MACHINE: RunOptions['machine'] = {
  drives: [],
  cards: [
    {
      dhcp: {
        ip: '10.0.2.15',
        netmask: '255.255.255.0',
        'next-server': '10.0.2.2',
        'dhcp-server': '10.0.2.2',
      },
    },
  ],
}

/** One chunk for each fragment: all that was printed up to the mark, and the mark. */
const chunksOf = (console: string): string[] =>
  (console.split(/@+s+t+a+r+t+\n/)[1] ?? '')
    // The serial line doubles a letter now and then; a mark that was garbled so still ends its own chunk only.
    .split(/(?<=@+e+n+d+e+d+\n|@+f+a+i+l+e+d+ [^\n]*\n)/)
    .map(normalise)

const runAll = (fragments: readonly Fragment[], language: Language): Promise<RunResult> => {
  const files = { ...FILES, ...scriptsOf(fragments) }
  return runWith(language, masterOf(fragments), {
    embedded: true,
    machine: MACHINE,
    limits: { trace: Infinity },
    network: Object.fromEntries(
      Object.entries(files).map(([name, body]) => [`tftp://10.0.2.2/${name}`, body]),
    ),
  })
}

/** What the interpreter prints, fragment by fragment. */
export const interpret = async (
  fragments: readonly Fragment[],
  language: Language = LANGUAGE,
): Promise<string[]> => chunksOf((await runAll(fragments, language)).console)

/** How often the fragments execute each command, the frame around them left out. */
export const countCommands = async (
  fragments: readonly Fragment[],
): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  const { trace } = await runAll(fragments, LANGUAGE)
  for (const { script, command } of trace)
    if (script !== '') counts.set(command[0]!, (counts.get(command[0]!) ?? 0) + 1)
  return counts
}

/** What the real iPXE prints, fragment by fragment; one start of the machine for all of them. */
export const observe = async (fragments: readonly Fragment[]): Promise<string[]> => {
  const { console } = await boot({
    script: masterOf(fragments),
    files: { ...FILES, ...scriptsOf(fragments) },
    timeoutMs: 60_000 + 1_500 * fragments.length,
  })
  return chunksOf(unwrap(console))
}

/** Pairs both worlds' words about each fragment. */
export const compare = (
  fragments: readonly Fragment[],
  ours: readonly string[],
  theirs: readonly string[],
): Comparison[] =>
  fragments.map((fragment, index) => {
    const [mine = '(nothing)', real = '(nothing: the machine stopped)'] = [
      ours[index],
      theirs[index],
    ]
    return { fragment, ours: mine, theirs: real, agrees: mine === real }
  })
