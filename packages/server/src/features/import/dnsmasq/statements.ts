import { optionAbbreviated, optionLettered, optionNamed, type OptionRow } from './options.ts'

/** Where something was said: a line of a file, or a word of a command line, from 1. */
export interface Place {
  readonly line: number
  /** As it was written. */
  readonly text: string
}

/** One option that was given. */
export interface Statement extends Place {
  readonly option: OptionRow
  /** Its parts between commas; absent: none was given. */
  readonly parts?: readonly string[]
}

/** What dnsmasq would refuse. */
export interface BadLine extends Place {
  readonly why: string
}

export interface Statements {
  readonly statements: readonly Statement[]
  readonly bad: readonly BadLine[]
}

const ESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  n: '\n',
  b: '\b',
  r: '\r',
  e: '\u001B',
  '"': '"',
  '\\': '\\',
}

/** A character, and whether quotes keep it from separating anything. */
interface Char {
  readonly char: string
  readonly isQuoted: boolean
}

/** A line without comment and quotes, or why it cannot be read: read_file of dnsmasq's option.c. */
const charsOf = (line: string): readonly Char[] | string => {
  const chars: Char[] = []
  let isAfterBlank = true
  for (let i = 0; i < line.length; i++) {
    let char = line[i]!
    if (char === '"') {
      for (i++; i < line.length && line[i] !== '"'; i++) {
        const escape = line[i] === '\\' ? ESCAPES[line[i + 1] ?? ''] : undefined
        if (escape !== undefined) i++
        chars.push({ char: escape ?? line[i]!, isQuoted: true })
      }
      if (i >= line.length) return 'a quotation mark is missing'
      // What follows the closing mark is taken as it is, were it another one.
      i++
      if (i >= line.length) break
      char = line[i]!
    }
    const isBlank = /\s/.test(char)
    if (isAfterBlank && char === '#') break
    chars.push({ char: isBlank ? ' ' : char, isQuoted: false })
    isAfterBlank = isBlank
  }
  return chars
}

const isBlankAt = (chars: readonly Char[], i: number): boolean => chars[i]?.char === ' '

const trim = (chars: readonly Char[]): readonly Char[] => {
  let [from, to] = [0, chars.length]
  while (from < to && isBlankAt(chars, from)) from++
  while (to > from && isBlankAt(chars, to - 1)) to--
  return chars.slice(from, to)
}

const textOf = (chars: readonly Char[]): string => chars.map(({ char }) => char).join('')

const splitAt = (chars: readonly Char[]): readonly string[] => {
  const parts: Char[][] = [[]]
  for (const each of chars) {
    if (each.char === ',' && !each.isQuoted) parts.push([])
    else parts.at(-1)!.push(each)
  }
  return parts.map((part) => textOf(trim(part)))
}

const statementOf = (
  option: OptionRow,
  argument: readonly Char[] | undefined,
  place: Place,
): Statement | BadLine => {
  if (option.argument === 'none' && argument)
    return { ...place, why: `${option.name} takes no value` }
  if (option.argument === 'required' && !argument)
    return { ...place, why: `${option.name} needs a value` }
  return { ...place, option, ...(argument && { parts: splitAt(argument) }) }
}

const collect = (all: readonly (Statement | BadLine)[]): Statements => ({
  statements: all.filter((each): each is Statement => 'option' in each),
  bad: all.filter((each): each is BadLine => 'why' in each),
})

const readLine = (written: string, line: number): readonly (Statement | BadLine)[] => {
  const place = { line, text: written.trim() }
  const read = charsOf(written)
  if (typeof read === 'string') return [{ ...place, why: read }]
  const chars = trim(read)
  if (chars.length === 0) return []
  const cut = chars.findIndex(({ char }) => char === '=')
  const name = textOf(trim(cut < 0 ? chars : chars.slice(0, cut)))
  const option = optionNamed(name)
  if (!option) return [{ ...place, why: `dnsmasq has no option "${name}"` }]
  return [statementOf(option, cut < 0 ? undefined : trim(chars.slice(cut + 1)), place)]
}

/** The statements of a `dnsmasq.conf`. */
export const readConfigurationFile = (text: string): Statements =>
  collect(text.split('\n').flatMap((line, i) => readLine(line, i + 1)))

const plainChars = (text: string): readonly Char[] =>
  text.split('').map((char) => ({ char, isQuoted: false }))

/** Options that may have a value by their long names only (OPTSTRING). */
const VALUELESS_LETTERS = new Set(['q', '1'])

/** The statements of a command line, whose quotes a shell has taken away: getopt_long, with abbreviated names. */
export const readCommandLine = (words: readonly string[]): Statements => {
  const all: (Statement | BadLine)[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const line = i + 1
    const long = /^--([^=]+)(?:=([^]*))?$/.exec(word)
    if (long) {
      const [, name = '', inline] = long
      const option = optionAbbreviated(name)
      const next = inline === undefined && option?.argument === 'required' ? words[++i] : inline
      const text = next === undefined || inline !== undefined ? word : `${word} ${next}`
      if (option)
        all.push(statementOf(option, next?.length ? plainChars(next) : undefined, { line, text }))
      else all.push({ line, text, why: `dnsmasq has no option --${name}` })
      continue
    }
    if (!/^-./.test(word)) {
      all.push({ line, text: word, why: 'dnsmasq takes no words that are not options' })
      continue
    }
    for (let at = 1; at < word.length; at++) {
      const option = optionLettered(word[at]!)
      if (!option) {
        all.push({ line, text: word, why: `dnsmasq has no option -${word[at]}` })
        continue
      }
      const rest = word.slice(at + 1)
      const takes = option.argument !== 'none' && !VALUELESS_LETTERS.has(word[at]!)
      const value = takes ? (rest === '' ? words[++i] : rest) : undefined
      const text = value === undefined ? `-${word[at]}` : `-${word[at]} ${value}`
      all.push(statementOf(option, value ? plainChars(value) : undefined, { line, text }))
      if (takes) break
    }
  }
  return collect(all)
}
