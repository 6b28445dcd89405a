import { SquidRulesError } from '../errors.ts'
import type { Path } from './shape.ts'

/** A parsed JSON text that knows where each of its values stands. */
export interface LocatedJson {
  readonly value: unknown
  /** Line and column, from 1, of the value at this path or of the nearest one around it. */
  readonly locate: (path: Path) => { readonly line: number; readonly column: number }
}

const MAX_DEPTH = 64
const BLANK = /[ \t\r\n]*/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
// Raw control characters are left to JSON.parse, which refuses them.
const STRING = /"(?:[^"\\]|\\.)*"/y

const positionIn = (text: string, at: number): { line: number; column: number } => {
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

/**
 * Parses JSON and remembers positions, for errors that name a line.
 * @throws {SquidRulesError} `ERR_SQUID_SYNTAX` whose message begins with line and column
 */
export const parseLocatedJson = (text: string): LocatedJson => {
  const places = new Map<string, number>()
  let at = 0
  const fail = (allowed: string): never => {
    const { line, column } = positionIn(text, at)
    const seen = at < text.length ? `"${text[at]}"` : 'the end of the file'
    throw new SquidRulesError(
      'ERR_SQUID_SYNTAX',
      `${line}:${column}: ${seen} where ${allowed} is allowed`,
    )
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    at += found?.length ?? 0
    return found
  }
  const next = (): string | undefined => {
    take(BLANK)
    return text[at]
  }
  const string = (): string => {
    const start = at
    const found = take(STRING)
    try {
      if (found !== undefined) return String(JSON.parse(found))
    } catch {
      at = start // a bad escape: reported like any other bad string
    }
    return fail('text in double quotes')
  }
  const items = (close: string, item: (index: number) => void): void => {
    at++
    if (next() === close) {
      at++
      return
    }
    for (let index = 0; ; index++) {
      next()
      item(index)
      const after = next()
      if (after !== ',' && after !== close) fail(`a comma or "${close}"`)
      at++
      if (after === close) return
    }
  }
  const value = (path: Path): unknown => {
    if (path.length > MAX_DEPTH) fail(`nesting of at most ${MAX_DEPTH}`)
    const first = next()
    places.set(JSON.stringify(path), at)
    if (first === '{') {
      const entries: [string, unknown][] = []
      items('}', () => {
        const key = string()
        if (next() !== ':') fail('a colon')
        at++
        entries.push([key, value([...path, key])])
      })
      return Object.fromEntries(entries)
    }
    if (first === '[') {
      const list: unknown[] = []
      items(']', (index) => list.push(value([...path, index])))
      return list
    }
    if (first === '"') return string()
    const scalar = take(SCALAR)
    return scalar === undefined ? fail('a value') : JSON.parse(scalar)
  }
  const whole = value([])
  if (next() !== undefined) fail('nothing more')
  const locate = (path: Path): { line: number; column: number } => {
    for (let length = path.length; length >= 0; length--) {
      const place = places.get(JSON.stringify(path.slice(0, length)))
      if (place !== undefined) return positionIn(text, place)
    }
    return { line: 1, column: 1 }
  }
  return { value: whole, locate }
}
