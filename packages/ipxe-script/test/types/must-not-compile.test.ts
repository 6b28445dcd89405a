import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const fixture = readFileSync(new URL('../fixtures/must-not-compile.txt', import.meta.url), 'utf8')
// Stands in the package, so that it imports the package by its public name as a user does.
const file = fileURLToPath(new URL('../fixtures/must-not-compile.ts', import.meta.url))

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  customConditions: ['@bootwire/source'],
}

/** Line (from 0) of the fixture by the errors that TypeScript has there. */
const errors = (): Map<number, string[]> => {
  const disk = ts.createCompilerHost(options)
  const host: ts.CompilerHost = {
    ...disk,
    readFile: (name) => (name === file ? fixture : disk.readFile(name)),
    fileExists: (name) => name === file || disk.fileExists(name),
    getSourceFile: (name, target) =>
      name === file ? ts.createSourceFile(name, fixture, target) : disk.getSourceFile(name, target),
  }
  const program = ts.createProgram([file], options, host)
  const source = program.getSourceFile(file)!
  const found = new Map<number, string[]>()
  for (const diagnostic of program.getSemanticDiagnostics(source)) {
    const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    found.set(line, [...(found.get(line) ?? []), message])
  }
  return found
}

describe('scripts that must not compile', () => {
  it('have the error expected, and no other line has one', () => {
    const lines = fixture.split('\n')
    const found = errors()
    const wrong = lines.flatMap((line, index) => {
      const [, words] = /^\/\/ error: (.*)$/.exec(lines[index - 1] ?? '') ?? []
      const seen = (found.get(index) ?? []).join('\n')
      const asExpected = words === undefined ? seen === '' : seen.includes(words)
      return asExpected ? [] : [{ line, words, seen }]
    })
    expect(wrong).toEqual([])
    expect(lines.filter((line) => line.startsWith('// error: ')).length).toBeGreaterThanOrEqual(50)
  }, 60_000)
})
