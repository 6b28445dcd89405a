import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { createEngine } from '../src/engine/engine.ts'
import { compileRules, generate } from '../src/generate.ts'
import { answerLine, storeIdReply } from '../src/helper/answer.ts'
import { STOCK_HELPER } from '../test/stock-helper.ts'
import { helperLines } from './lines.ts'

export interface Difference {
  readonly lines: number
  readonly keyed: number
  readonly different: number
  readonly examples: readonly string[]
}

/** The stock helper on the generated `storeid.db` and the engine, line by line. */
export const differential = async (
  count: number,
  say: (line: string) => void,
): Promise<Difference> => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-prove-'))
  const db = join(folder, 'storeid.db')
  writeFileSync(db, generate().files['storeid.db']!, 'latin1')
  const reply = storeIdReply(createEngine(compileRules({})).keyAt)
  const child = spawn(STOCK_HELPER, [db], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.setDefaultEncoding('latin1')
  child.stdout.setEncoding('latin1')
  const expected: string[] = []
  let keyed = 0
  let different = 0
  let lines = 0
  const examples: string[] = []
  const read = (async () => {
    for await (const answer of createInterface({
      input: child.stdout,
      crlfDelay: 0,
      terminal: false,
    })) {
      const mine = expected[lines++ % BUFFERED]!
      if (answer.includes('OK store-id=')) keyed++
      if (`${answer}\n` !== mine) {
        different++
        if (examples.length < 5) examples.push(JSON.stringify({ stock: answer, mine }))
      }
      if (lines % 100_000 === 0) say(`differential: ${lines} lines, ${different} differ`)
    }
  })()
  let written = 0
  for (const line of helperLines(count)) {
    // Never further ahead of the answers than the ring of expected ones is long.
    while (written - lines >= BUFFERED) await new Promise((resolve) => setTimeout(resolve, 5))
    expected[written++ % BUFFERED] = answerLine(line, reply)
    if (!child.stdin.write(`${line}\n`)) await once(child.stdin, 'drain')
  }
  child.stdin.end()
  await read
  rmSync(folder, { recursive: true, force: true })
  return { lines, keyed, different: different + (written - lines), examples }
}

const BUFFERED = 50_000
