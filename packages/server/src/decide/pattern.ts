import { createRequire } from 'node:module'

import type { RE2JS } from 're2js'

/** A compiled pattern. */
export interface Pattern {
  /** Whether it matches somewhere in a value; takes time in proportion to the value's length, whatever the pattern. */
  test(value: string): boolean
}

type Engine = typeof RE2JS

let loaded: Engine | undefined

/** The engine takes 50 to 100 ms to load, so only configurations that have patterns pay for it. */
const engine = (): Engine => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- require is not typed
  loaded ??= (createRequire(import.meta.url)('re2js') as { RE2JS: Engine }).RE2JS
  return loaded
}

/** Look-around and back references, once escaped backslashes are out of the way. */
const BACKTRACKING = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</

/**
 * Compiles a pattern as the configuration has it: JavaScript's syntax, upper and lower case alike, without look-around
 * and back references, which no linear-time engine has. Values come from the network, and JavaScript's own engine can
 * be kept busy for years by one.
 *
 * @throws {SyntaxError} with a message for people.
 */
export const compilePattern = (source: string): Pattern => {
  const backtracks = BACKTRACKING.exec(source.replaceAll('\\\\', ''))?.[0]
  if (backtracks !== undefined)
    throw new SyntaxError(
      `/${source}/ has ${backtracks}, which can take for ever to search; write it without look-around and back references`,
    )
  const re2 = engine()
  try {
    // JavaScript's syntax is what people write and know: what it refuses is refused, whatever the engine thinks.
    void new RegExp(source, 'iu')
    return re2.compile(re2.translateRegExp(source), re2.CASE_INSENSITIVE)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new SyntaxError(
      `/${source}/ is no pattern: ${said.replace(/^(?:Invalid regular expression: \/.*\/[a-z]*|error parsing regexp): /s, '')}`,
      {
        cause: error,
      },
    )
  }
}
