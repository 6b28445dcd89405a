import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { answerLine, rewriteReply, storeIdReply } from '../src/helper/answer.ts'
import { createLineCutter } from '../src/helper/lines.ts'
import { compileRules, createEngine } from '../src/index.ts'

const reply = storeIdReply(
  createEngine(compileRules({ use: ['debian', 'rocky'], snapshot: true, canonical: false })).keyAt,
)

const answers = (chunks: readonly string[], most?: number): string[] => {
  const cutter = createLineCutter(most)
  const out: string[] = []
  const take = (line: string): void => void out.push(answerLine(line, reply))
  for (const chunk of chunks) cutter.push(chunk, take)
  cutter.end(take)
  return out
}

describe('the helper', () => {
  it('echoes any channel-ID, and the blanks behind it, as the stock helper does', () => {
    const line = 'http://mirrors.kernel.org/debian/pool/main/b/b_1.deb x'
    expect(answerLine(`18446744073709551615  ${line}`, reply)).toMatch(
      /^18446744073709551615  OK store-id=http/,
    )
    expect(answerLine(line, reply)).toMatch(/^OK store-id=/)
    expect(answerLine('12', reply)).toBe('ERR\n')
    expect(answerLine('', reply)).toBe('ERR\n')
    expect(answerLine('quit', reply)).toBe('ERR\n')
    expect(answerLine('7 mirrors.kernel.org:443 10.0.0.9/- - CONNECT', reply)).toBe('7 ERR\n')
  })

  it('quotes a rewritten URL, as Squid undoes percent escapes in a bare value', () => {
    expect(
      answerLine(
        '1 x',
        rewriteReply(() => 'http://a/b%2b'),
      ),
    ).toBe('1 OK rewrite-url="http://a/b%2b"\n')
  })

  it(
    'answers any bytes with exactly one line for each line, in order, however they are cut (5,000 runs)',
    { timeout: 30_000 },
    () => {
      const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
      const word = fc.constantFrom(
        '\n',
        '1 ',
        '42 ',
        'http://mirrors.kernel.org/debian/pool/main/b/b_1.deb',
        ' - GET',
        '\r',
        '%',
        '?',
      )
      const text = fc.array(fc.oneof(byte, word), { maxLength: 80 }).map((all) => all.join(''))
      fc.assert(
        fc.property(text, fc.array(fc.nat(400), { maxLength: 8 }), (input, captures) => {
          const places = [
            0,
            ...captures.map((cut) => Math.min(cut, input.length)).toSorted((a, b) => a - b),
            input.length,
          ]
          const chunks = places.slice(1).map((end, i) => input.slice(places[i], end))
          const lines = input.split('\n')
          if (lines.at(-1) === '') lines.pop()
          const out = answers(chunks)
          expect(out).toEqual(lines.map((line) => answerLine(line, reply)))
          for (const answer of out)
            expect(answer).toMatch(/^(?:\d+[\t-\r ]+)?(?:ERR|OK store-id=\S+)\n$/)
        }),
        { numRuns: 5000 },
      )
    },
  )

  it('keeps the channel-ID of an endless line and no more of it than the limit', () => {
    const chunk = 'x'.repeat(500)
    expect(answers([`7 http://${chunk}`, chunk, chunk, `${chunk}\n8 y\n`], 1000)).toEqual([
      '7 ERR\n',
      '8 ERR\n',
    ])
    expect(answers([chunk, chunk, chunk], 1000)).toEqual(['ERR\n'])
  })

  it('gives no key to an endless line, wherever it was cut', () => {
    const url = 'http://mirrors.kernel.org/debian/pool/main/b/b_1.deb'
    const rest = 'x'.repeat(500)
    expect(answers([`7 ${url}`, rest, rest, '.deb\n', `8 ${url}\n`], 400)).toEqual([
      '7 ERR\n',
      expect.stringMatching(/^8 OK /),
    ])
    // The cut falls where the URL would be a good one.
    expect(answers([`7 ${url}${rest}`, `${rest}\n`], 2 + url.length)).toEqual(['7 ERR\n'])
  })
})
