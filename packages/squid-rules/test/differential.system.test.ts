import { expect, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { helperLines } from '../prove/lines.ts'
import { createEngine } from '../src/engine/engine.ts'
import { compileRules, generate } from '../src/generate/generate.ts'
import { answerLine, storeIdReply } from '../src/helper/answer.ts'
import { runStockHelper } from './stock-helper.ts'
import { EVERYTHING } from './urls/examples.ts'

describeSystem('the engine and the generated storeid.db', () => {
  it("give the same bytes on 20,000 lines, through Squid's own helper", () => {
    const lines = [...helperLines(20_000)]
    const { out, err } = runStockHelper(
      generate(EVERYTHING).files['storeid.db']!,
      `${lines.join('\n')}\n`,
    )
    const reply = storeIdReply(createEngine(compileRules(EVERYTHING)).keyAt)
    const answers = out.split('\n')
    const different = lines.filter((line, i) => answerLine(line, reply) !== `${answers[i]}\n`)
    expect(err).toBe('')
    expect(different).toEqual([])
    expect(out.match(/OK store-id=/g)!.length).toBeGreaterThan(8000)
  })
})
