import { describe, expect, it } from 'vitest'

import { CATALOGUE, compileRules, createEngine, createPin, explain } from '../src/index.ts'
import { EVERYTHING, KEYED, NOT_KEYED } from './urls/examples.ts'

const engine = createEngine(compileRules(EVERYTHING))

/** The class that `explain` gives, by why there is no key. */
const CLASS_OF: Readonly<Record<string, string>> = {
  mutable: 'mutable',
  unknown: 'unknown',
  'no mirror': 'unknown',
  port: 'unknown',
  query: 'refused',
  fragment: 'refused',
  user: 'refused',
  dots: 'refused',
  'empty segment': 'refused',
  escape: 'refused',
  dollar: 'refused',
  byte: 'refused',
  scheme: 'refused',
  CONNECT: 'refused',
}

describe('the engine', () => {
  it.each(KEYED)('gives %s its key', (url, key) => {
    expect(engine.keyAt(url, 0)).toBe(key)
    expect(explain(engine, url)).toMatchObject({ key })
  })

  it.each(NOT_KEYED)('gives %s no key: %s', (url, why) => {
    expect(engine.keyAt(url, 0)).toBeUndefined()
    const { class: kind, key, reasons } = explain(engine, url)
    expect(key).toBeUndefined()
    expect(reasons.length).toBeGreaterThan(0)
    expect(kind).toBe(CLASS_OF[why])
  })

  it('counts keys by repository', () => {
    const fresh = createEngine(compileRules({ use: ['debian'], snapshot: true }))
    fresh.keyAt(KEYED[0]![0], 0)
    expect([...fresh.hits]).toEqual([1])
  })

  it('has a source beside every rule, and rule names that are unique', () => {
    for (const { rules } of CATALOGUE) {
      expect(rules.every(({ source }) => source.length > 0)).toBe(true)
      expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
    }
  })

  it('asks a repository of the user before the catalogue', () => {
    const own = { name: 'acme', mirrors: ['mirrors.kernel.org/debian'], layout: 'apt' }
    const mine = createEngine(compileRules({ ...EVERYTHING, repositories: [own] }))
    expect(mine.keyAt(KEYED[2]![0], 0)).toContain('http://acme.pkg.squid.internal/unsigned/')
  })
})

describe('explain', () => {
  it('agrees with the engine on a mirror that lies in a folder called latest', () => {
    const mine = createEngine(
      compileRules({ use: ['debian'], mirrors: { debian: ['a.example/latest/debian'] } }),
    )
    const url = 'http://a.example/latest/debian/pool/main/b/bash/bash_1-1_amd64.deb'
    expect(explain(mine, url)).toMatchObject({ class: 'versioned', key: mine.keyAt(url, 0) })
    expect(explain(mine, url.replace('main', 'latest'))).toMatchObject({ class: 'mutable' })
  })
})

describe('a pin', () => {
  const pinned = createEngine(
    compileRules({
      ...EVERYTHING,
      mode: 'pinned',
      origins: { debian: 'https://good.example/pub/debian' },
    }),
  )
  const pin = createPin(pinned, { debian: 'https://good.example/pub/debian' })

  it('sends packages and indexes to the trusted origin', () => {
    expect(pin('http://mirrors.kernel.org/debian/dists/x/InRelease 10.0.0.9/-', 0)).toBe(
      'https://good.example/pub/debian/dists/x/InRelease',
    )
    expect(pin(KEYED[1]![0], 0)).toBe(
      'https://good.example/pub/debian/pool/main/b/bash/bash_5.2.15-2%2bb7_amd64.deb',
    )
  })

  it('leaves alone the origin itself, other repositories, unknown files and refused URLs', () => {
    for (const url of [
      'https://good.example/pub/debian/dists/x/InRelease',
      KEYED[7]![0],
      'http://mirrors.kernel.org/debian/README',
      `${KEYED[0]![0]}?a`,
    ]) {
      expect(pin(url, 0)).toBeUndefined()
    }
  })
})
