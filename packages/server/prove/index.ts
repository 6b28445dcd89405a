import type { Measure, Measurement } from '../../../scripts/measure.ts'
import { answers } from './answers.ts'
import { attacks } from './attacks.ts'
import { boots } from './boots/index.ts'
import { datagrams } from './datagrams.ts'
import { decision } from './decision.ts'
import { faults } from './faults.ts'
import { features } from './features.ts'
import { importDnsmasq } from './import-dnsmasq.ts'
import { Random } from './random.ts'
import { replicas } from './replicas.ts'
import { soak } from './soak.ts'
import { state } from './state.ts'
import { targets } from './targets.ts'
import { yaml } from './yaml.ts'

const PARTS = {
  yaml,
  decision,
  targets,
  datagrams,
  features,
  import: importDnsmasq,
  state,
  replicas,
  attacks,
  soak: (_random: Random, say: (line: string) => void) => soak(say),
  faults: (_random: Random, say: (line: string) => void) => faults(say),
} as const

/** Virtual machines, an hour of them: only when named. */
const BOOTS = 'boots'

/** Files of a folder that other people wrote: only when named. */
const ANSWERS = 'answers'

/** Random input at the four places where the daemon takes any: its file, its facts, HTTP and DHCP. */
export const prove: Measure = async ({ say, only, corpus }) => {
  if (only.includes(BOOTS)) return boots(say)
  if (only.includes(ANSWERS)) {
    if (corpus === undefined) throw new Error('answers takes --corpus FOLDER')
    return answers(corpus, say)
  }
  const measurements: Measurement[] = []
  for (const [name, part] of Object.entries(PARTS)) {
    if (only.length > 0 && !only.some((word) => name.includes(word))) continue
    const seed = Date.now() % 1_000_000_000
    say(`${name}: seed ${seed}`)
    const started = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- one part after the other
    measurements.push(...(await part(new Random(seed), say)))
    say(`${name}: ${Math.round((performance.now() - started) / 1000)} s`)
  }
  return measurements
}
