import type { Measure, Measurement } from '../../../scripts/measure.ts'
import { LANGUAGE } from '../src/run/language.ts'
import { runWith } from '../src/run/run.ts'
import { commandNamed, debian12 } from '../src/table/index.ts'
import {
  compare,
  type Comparison,
  countCommands,
  interpret,
  observe,
} from '../test/oracle/compare.ts'
import { FAULTS } from '../test/oracle/faults.ts'
import { corpus, type Fragment } from '../test/oracle/fragments.ts'
import { compareKeyed, KEYED } from '../test/oracle/keyed.ts'
import { unwrap } from '../test/oracle/normalise.ts'
import { boot } from '../test/oracle/qemu.ts'
import { randomFragments } from '../test/oracle/random.ts'
import { compareRecipe, recipes } from '../test/oracle/recipes.ts'
import { answersIn, expectedFor, scriptOf, strings } from '../test/oracle/strings.ts'

type Say = (line: string) => void

const OFFLINE_STRINGS = 20_000
const REAL_STRINGS = 500
const RANDOM = 400

/** Fragments in one start of the machine. */
const BATCH = 100

const inBatches = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  )

const differing = (values: readonly string[], console: string): string[] => {
  const answers = answersIn(console)
  const expected = expectedFor(values)
  return values.filter((_, index) => answers[index] !== expected[index])
}

const differingOnRealIpxe = async (values: readonly string[]): Promise<string[]> => {
  const { console } = await boot({ script: `${scriptOf(values)}sleep 1\nreboot\n` })
  return differing(values, unwrap(console))
}

const proveStrings = async (say: Say): Promise<Measurement[]> => {
  let offline = 0
  for (const batch of inBatches(strings(OFFLINE_STRINGS, 1), 500)) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    const { console } = await runWith(LANGUAGE, scriptOf(batch))
    offline += differing(batch, console).length
  }
  say(`${OFFLINE_STRINGS} strings offline: ${offline} differ`)
  const all = strings(REAL_STRINGS, 7)
  const doubtful: string[] = []
  for (const batch of inBatches(all, 250))
    // oxlint-disable-next-line no-await-in-loop -- one machine after the other
    doubtful.push(...(await differingOnRealIpxe(batch)))
  // The serial line doubles a letter at times: what differs is asked once more.
  const wrong = doubtful.length === 0 ? [] : await differingOnRealIpxe(doubtful)
  for (const value of wrong) say(`real iPXE differs for ${JSON.stringify(value)}`)
  say(
    `${REAL_STRINGS} strings on real iPXE: ${doubtful.length} asked again, ${wrong.length} differ`,
  )
  const real = wrong.length
  return [
    bar('strings that arrive as they are, interpreter', OFFLINE_STRINGS - offline, OFFLINE_STRINGS),
    bar('strings that arrive as they are, real iPXE', REAL_STRINGS - real, REAL_STRINGS),
  ]
}

const bar = (what: string, ours: number, limit: number, unit = ''): Measurement => ({
  what,
  unit,
  ours,
  bar: { of: 'ours', is: 'at least', limit },
})

/** How often each command of Debian's build was executed; those that wait for a person are in the keyed scripts. */
const coverage = async (fragments: readonly Fragment[]): Promise<ReadonlyMap<string, number>> => {
  const totals = new Map<string, number>()
  const add = (name: string, count: number): unknown =>
    totals.set(name, (totals.get(name) ?? 0) + count)
  for (const batch of inBatches(fragments, BATCH))
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    for (const [name, count] of await countCommands(batch)) add(name, count)
  for (const { lines } of KEYED) for (const line of lines) add(line.split(' ')[0]!, 1)
  return new Map([...totals].filter(([name]) => debian12.features.has(name) && commandNamed(name)))
}

/** Observes a batch; a fragment that disagrees is observed once more, since the serial line doubles a letter at times. */
const compareBatch = async (fragments: readonly Fragment[]): Promise<Comparison[]> => {
  const first = compare(fragments, await interpret(fragments), await observe(fragments))
  const doubtful = first.filter(({ agrees }) => !agrees).map(({ fragment }) => fragment)
  if (doubtful.length === 0) return first
  const again = compare(doubtful, await interpret(doubtful), await observe(doubtful))
  return first.map((one) => again.find(({ fragment }) => fragment === one.fragment) ?? one)
}

const proveDifferential = async (say: Say, wantsFaults: boolean): Promise<Measurement[]> => {
  const handWritten = corpus(true)
  const fragments = [...handWritten, ...randomFragments(RANDOM, 11)]
  const compared: Comparison[] = []
  for (const batch of inBatches(fragments, BATCH)) {
    // oxlint-disable-next-line no-await-in-loop -- one machine after the other
    compared.push(...(await compareBatch(batch)))
    say(`${compared.length} fragments: ${compared.filter(({ agrees }) => agrees).length} agree`)
  }
  for (const { fragment, ours, theirs } of compared.filter(({ agrees }) => !agrees))
    say(`--- ${fragment.name}\n${fragment.text}\nours:\n${ours}\ntheirs:\n${theirs}`)
  const agree = compared.filter(({ agrees }) => agrees).length
  const executed = await coverage(fragments)
  say([...executed].map(([name, count]) => `${name} ${count}`).join(', '))
  return [
    bar('fragments compared', compared.length, 500),
    bar('of them random', compared.length - handWritten.length, compared.length / 2),
    bar('fragments that agree', agree, compared.length),
    bar('commands of the Debian build executed', executed.size, 48, 'of 48'),
    ...(wantsFaults
      ? [bar('planted faults caught', await countCaught(say, compared), FAULTS.length)]
      : []),
  ]
}

/** Runs the interpreter with each fault against what real iPXE said. */
const countCaught = async (say: Say, compared: readonly Comparison[]): Promise<number> => {
  let caught = 0
  for (const { name, language } of FAULTS) {
    let differences = 0
    for (const batch of inBatches(compared, BATCH)) {
      const fragments = batch.map(({ fragment }) => fragment)
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other
      const ours = await interpret(fragments, language)
      differences += batch.filter(({ theirs }, index) => ours[index] !== theirs).length
    }
    say(`planted: ${name}: ${differences} fragments differ`)
    if (differences > 0) caught++
  }
  return caught
}

const proveRecipes = async (say: Say): Promise<Measurement[]> => {
  let booted = 0
  let agree = 0
  for (const recipe of recipes()) {
    // oxlint-disable-next-line no-await-in-loop -- one machine after the other
    const { ours, agrees, seen } = await compareRecipe(recipe)
    say(`${recipe.name}: ${ours.summary}${agrees === false ? `; real iPXE: ${seen}` : ''}`)
    if (agrees !== undefined) booted++
    if (agrees) agree++
  }
  return [
    bar(
      'example scripts whose kernel got what the interpreter says',
      agree,
      booted,
      `of ${booted}`,
    ),
  ]
}

const proveKeyed = async (say: Say): Promise<Measurement[]> => {
  let agree = 0
  for (const keyed of KEYED) {
    // oxlint-disable-next-line no-await-in-loop -- one machine after the other
    const { ours, theirs } = await compareKeyed(keyed)
    const same = ours.join('\n') === theirs.join('\n')
    if (same) agree++
    say(`${keyed.name}: ${same ? 'agrees' : `ours ${ours.join(' ')}, theirs ${theirs.join(' ')}`}`)
  }
  return [bar('scripts with keys pressed that agree', agree, KEYED.length, `of ${KEYED.length}`)]
}

/** Parts: `strings`, `differential`, `faults` (with differential), `keyed`, `recipes`. */
export const prove: Measure = async ({ say, only }) => {
  const wants = (part: string): boolean =>
    only.length === 0 || only.some((word) => part.includes(word))
  return [
    ...(wants('strings') ? await proveStrings(say) : []),
    ...(wants('differential') || wants('faults')
      ? await proveDifferential(say, wants('faults'))
      : []),
    ...(wants('keyed') ? await proveKeyed(say) : []),
    ...(wants('recipes') ? await proveRecipes(say) : []),
  ]
}
