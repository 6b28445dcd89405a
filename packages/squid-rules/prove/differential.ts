import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createEngine } from '../src/engine/engine.ts'
import { compileRules, generate } from '../src/generate/generate.ts'
import { answerLine, storeIdReply } from '../src/helper/answer.ts'
import { createLineCutter } from '../src/helper/lines.ts'
import { STOCK_HELPER } from '../test/stock-helper.ts'
import { EVERYTHING } from '../test/urls/examples.ts'
import { helperLines } from './lines.ts'

/** How far the stock helper may be behind, lines. */
const BUFFERED = 50_000

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
  writeFileSync(db, generate(EVERYTHING).files['storeid.db']!, 'latin1')
  const reply = storeIdReply(createEngine(compileRules(EVERYTHING)).keyAt)
  const child = spawn(STOCK_HELPER, [db], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.setDefaultEncoding('latin1')
  child.stdout.setEncoding('latin1')
  const expected: string[] = []
  const done = { read: 0, written: 0, keyed: 0, different: 0 }
  const examples: string[] = []
  // Not by node:readline: a channel-ID may be followed by a carriage return, which is no end of a line here.
  const cutter = createLineCutter()
  child.stdout.on('data', (chunk: string) => {
    cutter.push(chunk, (answer) => {
      const mine = expected[done.read++ % BUFFERED]!
      if (answer.includes('OK store-id=')) done.keyed++
      if (`${answer}\n` !== mine) {
        done.different++
        if (examples.length < 5) examples.push(JSON.stringify({ stock: answer, mine }))
      }
      if (done.read % 100_000 === 0) {
        say(`differential: ${done.read} lines, ${done.different} differ`)
      }
    })
  })
  for (const line of helperLines(count)) {
    // Never further ahead of the answers than the ring of expected ones is long.
    while (done.written - done.read >= BUFFERED)
      await new Promise((resolve) => setTimeout(resolve, 5))
    expected[done.written++ % BUFFERED] = answerLine(line, reply)
    if (!child.stdin.write(`${line}\n`)) await once(child.stdin, 'drain')
  }
  child.stdin.end()
  await once(child, 'close')
  rmSync(folder, { recursive: true, force: true })
  const unanswered = done.written - done.read
  return { lines: done.read, keyed: done.keyed, different: done.different + unanswered, examples }
}
