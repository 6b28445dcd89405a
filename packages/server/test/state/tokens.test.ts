import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readSignedQuery, signedQuery } from '../../src/state/script-url.ts'
import { readReportToken, reportToken } from '../../src/state/tokens.ts'

const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const claims = { machine: 'm1', installation: 2, boot: 3, mac: '52:54:00:00:00:01' }

describe('a report token', () => {
  it('says what it is for, and is genuine by the newest key and by those before it', () => {
    const token = reportToken([key], claims)
    expect(token).toMatch(/^m1\.2\.3\.525400000001\.[\w-]{22}$/)
    expect(readReportToken([key], token)).toEqual({ claims, genuine: true })
    expect(readReportToken([other, key], token)).toEqual({ claims, genuine: true })
    expect(readReportToken([other], token)).toEqual({ claims, genuine: false })
  })

  it('is not genuine with any letter changed', () => {
    const token = reportToken([key], claims)
    for (let i = 0; i < token.length; i++)
      for (const letter of 'aA09-_.') {
        if (token[i] === letter) continue
        const changed = `${token.slice(0, i)}${letter}${token.slice(i + 1)}`
        expect([changed, readReportToken([key], changed)?.genuine ?? false]).toEqual([
          changed,
          false,
        ])
      }
  })
})

describe('a signed script URL', () => {
  const value = fc.string({ unit: 'binary', minLength: 1 })
  const query = fc.record({
    mark: fc.record({ number: fc.nat(), nonce: fc.stringMatching(/^[0-9a-z]{1,32}$/) }),
    facts: fc.record({ mac: value, relay: value, 'circuit-id': value }, { requiredKeys: [] }),
    picked: fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { maxLength: 3 }),
  })

  it('brings back what it was made from, whatever iPXE adds', () => {
    fc.assert(
      fc.property(query, (made) => {
        fc.pre(made.mark.number < 1e9)
        const read = readSignedQuery([key], {
          ...signedQuery([key], made),
          final: '1',
          serial: 'x',
        })
        expect(read).toEqual(made)
      }),
    )
  })

  it('counts for nothing when a signed value is changed, added or taken away', () => {
    const made = signedQuery([key], {
      mark: { number: 1, nonce: 'n' },
      facts: { mac: 'a', relay: 'b' },
      picked: [],
    })
    expect(readSignedQuery([key], made)).toBeDefined()
    expect(readSignedQuery([other], made)).toBeUndefined()
    for (const change of [
      { mac: 'c' },
      { relay: '' },
      { arch: '7' },
      { boot: '2-n' },
      { picked: 'inst' },
      { sig: 'x' },
      { machine: 'm' },
    ])
      expect(readSignedQuery([key], { ...made, ...change })).toBeUndefined()
  })
})
