import { expect, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { compileRepository } from '../src/engine/compile.ts'
import { createEngine } from '../src/engine/engine.ts'
import { generate } from '../src/index.ts'
import { resolveRepositories } from '../src/options/resolve.ts'
import { runStockHelper } from './stock-helper.ts'
import { EVERYTHING, KEYED, NOT_KEYED } from './urls/examples.ts'

const EXTRAS = '10.0.0.9/vm - GET myip=10.0.0.1 myport=3128'

describeSystem("the generated storeid.db in Squid's own helper", () => {
  const db = generate(EVERYTHING).files['storeid.db']!
  const urls = [...KEYED.map(([url]) => url), ...NOT_KEYED.map(([url]) => url)]
  const lines = urls.map((url, i) => `${i + 1} ${url} ${EXTRAS}\n`).join('')
  const { out, err } = runStockHelper(db, lines)

  it('is read without a word on stderr', () => {
    expect(err).toBe('')
  })

  it('gives every listed URL its key, and no key to what must not have one', () => {
    const expected = [
      ...KEYED.map(([, key]) => `OK store-id=${key}`),
      ...NOT_KEYED.map(() => 'ERR'),
    ]
    expect(out.split('\n').slice(0, -1)).toEqual(expected.map((answer, i) => `${i + 1} ${answer}`))
  })

  it('answers as the engine does', () => {
    const engine = createEngine(resolveRepositories(EVERYTHING).map(compileRepository))
    expect(urls.map((url) => engine.keyAt(url, 0))).toEqual([
      ...KEYED.map(([, key]) => key),
      ...NOT_KEYED.map(() => undefined),
    ])
  })
})
