import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import { withFolder } from '../bench/rig.ts'
import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'
import type { Random } from './random.ts'
import { executions, failures } from './rig.ts'
import { CHECKS } from './state-checks.ts'

const HISTORIES = 100_000
const POWER_FAILURES = 100
const KILLS = 40

const child = fileURLToPath(new URL('state-child.ts', import.meta.url))

/** A process that changes records is killed at any moment, again and again in one folder: nothing answered is lost. */
const killed = (random: Random): Promise<number> =>
  withFolder(async (folder) => {
    const answered = new Map<string, number>()
    let lost = 0
    for (let round = 0; round < KILLS; round++) {
      const args = ['--import', 'tsx', '--conditions=@bootwire/source', child, folder]
      const victim = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      let text = ''
      victim.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      await once(victim.stdout, 'data')
      setTimeout(() => victim.kill('SIGKILL'), random.below(300))
      await once(victim, 'close')
      for (const line of text.split('\n').slice(1, -1)) {
        const [id, boots] = line.split(' ')
        answered.set(id!, Number(boots))
      }
      const store = await EmbeddedStore.open({ folder })
      for (const [id, boots] of answered)
        if (((await store.get(id))?.record.boots ?? 0) < boots) lost++
      await store.close()
    }
    return lost
  })

const failuresOf = async (
  check: (runs: number) => Promise<void>,
  runs: number,
  say: (line: string) => void,
): Promise<number> => {
  try {
    await check(runs)
    return 0
  } catch (error) {
    say(String(error))
    return 1
  }
}

/** The state store and the life cycle, against crashes and every history of machines that can be thought of. */
export const state = async (
  random: Random,
  say: (line: string) => void,
): Promise<Measurement[]> => [
  executions('histories of machines', HISTORIES, 100_000),
  failures('histories of machines', await failuresOf(CHECKS['histories']!, HISTORIES, say)),
  executions('loss of power at any call of the disk', POWER_FAILURES, 100),
  failures('loss of power', await failuresOf(CHECKS['power fails']!, POWER_FAILURES, say)),
  executions('kill -9 while records change', KILLS, 40),
  failures('kill -9', await killed(random)),
]
