import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it, onTestFinished } from 'vitest'

import { dynamicFactsOf } from './elf.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const read = (...path: string[]): Buffer => readFileSync(join(home, ...path))
const sha256 = (...parts: Buffer[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

interface BuiltWith {
  readonly source: string
  readonly files: Readonly<Record<string, { compiler: string; linker: string; sha256: string }>>
}
const parse = (text: string): BuiltWith => JSON.parse(text)
const builtWith = parse(String(read('prebuilt', 'built-with.json')))
const files = Object.entries(builtWith.files)
const EM_X86_64 = 62
const EM_AARCH64 = 183

/** First line of `COMMAND --version`; undefined when there is no such command. */
const versionOf = (command: string): string | undefined => {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8' }).split('\n')[0]
  } catch {
    return undefined
  }
}

/** Why the files cannot be compared here: another compiler gives other bytes. */
const whyNotHere = (): string | undefined => {
  for (const [name, { compiler, linker }] of files) {
    const prefix = name.includes('arm64') ? 'aarch64-linux-gnu-' : 'x86_64-linux-gnu-'
    const here = [versionOf(`${prefix}gcc`), versionOf(`${prefix}ld`)]
    if (here[0] !== compiler || here[1] !== linker) {
      return `${name} was built with ${compiler} and ${linker}; here: ${here.join(' and ')}`
    }
  }
  return undefined
}

describe('the prebuilt files', () => {
  it('are those of the sources that lie beside them', () => {
    const sources = readdirSync(join(home, 'native')).toSorted()
    expect(sha256(...sources.map((name) => read('native', name)))).toBe(builtWith.source)
    expect(readdirSync(join(home, 'prebuilt')).toSorted()).toEqual(
      ['built-with.json', ...files.map(([name]) => name)].toSorted(),
    )
    for (const [name, { sha256: expected }] of files) {
      expect(sha256(read('prebuilt', name))).toBe(expected)
    }
  })

  it.each([
    ['linux-x64.node', EM_X86_64],
    ['linux-arm64.node', EM_AARCH64],
  ])('%s is linked with nothing: it serves glibc and musl', (name, machine) => {
    const file = read('prebuilt', name)
    const facts = dynamicFactsOf(file)
    expect(facts.machine).toBe(machine)
    expect(facts.needed).toEqual([])
    expect(facts.exports.toSorted()).toEqual([
      'napi_register_module_v1',
      'node_api_module_get_api_version_v1',
    ])
    // Strong imports are Node-API alone: a `node` without libuv's names still loads it.
    const strong = facts.imports.filter(({ isWeak }) => !isWeak).map(({ name: symbol }) => symbol)
    const weak = facts.imports.filter(({ isWeak }) => isWeak).map(({ name: symbol }) => symbol)
    expect(strong.length).toBeGreaterThan(10)
    expect(strong.filter((symbol) => !symbol.startsWith('napi_'))).toEqual([])
    expect(weak.filter((symbol) => !symbol.startsWith('uv_'))).toEqual([])
    expect(file.length).toBeLessThan(24 * 1024)
  })

  const reason = whyNotHere()
  it.skipIf(reason)(
    `come out again, bit for bit${reason ? ` (skipped: ${reason})` : ''}`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'bootwire-native-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      execFileSync(process.execPath, [join(home, 'build.mjs'), folder])
      for (const [name] of files) {
        expect(sha256(readFileSync(join(folder, name)))).toBe(sha256(read('prebuilt', name)))
      }
    },
    60_000,
  )
})
