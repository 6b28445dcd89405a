import type { Spelling } from '../catalogue/model.ts'
import { Code } from './characters.ts'

/**
 * How each family's main client writes the characters that some escape, measured against real clients:
 * apt 2.6 (`Acquire::URIEncode "+~ "`, lower case), dnf 4 and dnf5 from 5.2.17 (all but `A-Za-z0-9-._~`, lower case),
 * zypper 1.14 (upper case), pacman and apk (as the index has it).
 */
const ESCAPED: Readonly<Record<Spelling, Readonly<Record<string, string>>>> = {
  apt: { '+': '%2b', '~': '%7e' },
  dnf: { '+': '%2b', '^': '%5e', ':': '%3a', '@': '%40' },
  zypper: { '^': '%5E' },
  plain: {},
}

/** The characters that may come escaped or not: those of `ESCAPES`, and a slash of its own. */
const LOOSE = '+~^:@'

/** Writes a path the way one client family does. */
export type Spell = (text: string) => string

/** Undoes the harmless escapes, then writes each loose character in one way. */
export const spellingOf = (spelling: Spelling): Spell => {
  const into = ESCAPED[spelling]
  const changes = new Uint8Array(128)
  for (const each of Object.keys(into)) changes[each.charCodeAt(0)] = 1
  changes[Code.percent] = 1
  return (text) => {
    let out = ''
    let from = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (changes[code] !== 1) continue
      const end = code === Code.percent ? at + 3 : at + 1
      const raw =
        code === Code.percent
          ? String.fromCharCode(Number.parseInt(text.slice(at + 1, end), 16))
          : text.charAt(at)
      out += text.slice(from, at) + (into[raw] ?? raw)
      from = end
      at = end - 1
    }
    return from === 0 ? text : out + text.slice(from)
  }
}

/**
 * What a path in this spelling looks like, for Squid's POSIX expressions: a URL of a canonical mirror that a client
 * has written in another way must still be asked for.
 */
export const spelledPath = (spelling: Spelling): string => {
  const into = ESCAPED[spelling]
  const raw = LOOSE.split('')
    .filter((each) => into[each] === undefined)
    .join('')
  // A caret must not come first in a class, nor a hyphen in the middle.
  const plain = `[A-Za-z0-9._=,!/${raw.replace('^', '')}${raw.includes('^') ? '^' : ''}-]`
  const escapes = Object.values(into)
  return escapes.length === 0 ? `${plain}*` : `(${plain}|${escapes.join('|')})*`
}
