import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'

import { RULES_PER_SLICE } from '../model/limits.ts'
import type { Rule } from '../model/rule.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { loadFile } from './load.ts'
import type { LoadMessage, LoadOrder } from './thread.ts'

const slices = function* (
  kind: 'machines' | 'rules',
  rules: readonly Rule[],
): Generator<LoadMessage> {
  for (let at = 0; at < rules.length; at += RULES_PER_SLICE) {
    yield { type: 'slice', kind, rules: rules.slice(at, at + RULES_PER_SLICE) }
  }
}

const messages = async function* (
  order: LoadOrder,
  features: readonly FeatureRow[],
): AsyncGenerator<LoadMessage> {
  const loaded = await loadFile(order.file, { ...order, features })
  if (!loaded.ok) {
    yield { type: 'issues', issues: loaded.issues }
    return
  }
  yield { type: 'plan', plan: loaded.plan }
  yield* slices('machines', loaded.machines)
  yield* slices('rules', loaded.rules)
  yield { type: 'end' }
}

/** Loads what the other thread ordered, and answers each of its messages with the next piece. */
export const handOver = (features: readonly FeatureRow[]): void => {
  try {
    // On Linux this is the priority of the calling thread alone (setpriority(2), notes): serving goes first.
    if (process.platform === 'linux') setPriority(10)
  } catch {
    // a container may forbid it: loading is then as important as serving
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what thread.ts gives
  const queue = messages(workerData as LoadOrder, features)
  const answer = async (): Promise<void> => {
    const { value, done } = await queue.next()
    if (done) parentPort?.close()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    else parentPort?.postMessage(value)
  }
  parentPort?.on('message', () => void answer())
}
