import { lookup } from 'node:dns/promises'

import { messageOf } from '@bootwire-internal/common'

import type { Bench, Check, Verdict } from './check.ts'
import { fail } from './check.ts'
import { Dialogue } from './dialogue.ts'
import { OPTION_CHECKS } from './option-checks.ts'
import { REQUEST_CHECKS } from './request-checks.ts'
import { TRANSFER_CHECKS } from './transfer-checks.ts'

/** All checks, in the order in which they run. */
const CHECKS: readonly Check[] = [...TRANSFER_CHECKS, ...OPTION_CHECKS, ...REQUEST_CHECKS]

/** What was found about one rule. */
export interface Finding extends Verdict {
  readonly id: string
  readonly title: string
  readonly cite: string
  /** False when the server served nobody afterwards: the check ended it. */
  readonly alive: boolean
}

/** What to check. */
export interface ConformanceOptions {
  readonly host: string
  readonly port: number
  /** A file on the server of at least 100 blocks of 512 bytes. */
  readonly file: string
  /** Only checks whose id contains one of these. Default: all. */
  readonly only?: readonly string[]
  /** How long a server that is willing may take, in milliseconds. Default: 3000. */
  readonly patienceMs?: number
  /** Called when a check has ended the server; the promise is awaited. */
  readonly revive?: () => Promise<void>
}

const DATA_OR_OACK = new Set([3, 6])

/** Reads one block. */
const isAlive = async ({ open, file, patienceMs }: Bench): Promise<boolean> => {
  const dialogue = await open()
  for (let i = 0; i < 2; i++) {
    dialogue.read(file)
    const answer = await dialogue.next(patienceMs)
    dialogue.abort()
    if (answer?.packet && DATA_OR_OACK.has(answer.packet.opcode)) return true
  }
  return false
}

const runOne = async (check: Check, bench: Bench): Promise<Verdict> => {
  try {
    return await check.run(bench)
  } catch (error) {
    return fail(messageOf(error))
  }
}

/**
 * Runs the checks against a server, one after the other.
 * @yields what each found, as soon as it is known
 */
export async function* conformance(options: ConformanceOptions): AsyncGenerator<Finding> {
  const { host, port, file, only = [], patienceMs = 3000, revive } = options
  const { address } = await lookup(host)
  for (const check of CHECKS) {
    if (only.length > 0 && !only.some((word) => check.id.includes(word))) continue
    const dialogues: Dialogue[] = []
    const open = async () => {
      const dialogue = await Dialogue.open(address, port)
      dialogues.push(dialogue)
      return dialogue
    }
    const bench: Bench = { file, patienceMs, open }
    const verdict = await runOne(check, bench)
    const alive = await isAlive(bench)
    for (const dialogue of dialogues) dialogue.close()
    const { id, title, cite } = check
    yield {
      id,
      title,
      cite,
      alive,
      ...(alive ? verdict : fail('the server serves nobody any more')),
    }
    if (!alive) await revive?.()
  }
}
