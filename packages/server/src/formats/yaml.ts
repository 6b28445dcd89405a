import { CST, Lexer, parse, parseAllDocuments, parseDocument, type YAMLError } from 'yaml'

import { yamlWords } from '../model/yaml-words.ts'
import {
  LINE_BREAKS,
  onLines,
  onOneLine,
  type Filled,
  type Syntax,
  type TextProblem,
  type Value,
} from './syntax.ts'

/** Stands for a value while the text is cut into tokens: a letter that no text of these has. */
const holeLetter = (texts: readonly string[]): string => {
  for (let code = 0xe000; code < 0xf8ff; code++) {
    const letter = String.fromCodePoint(code)
    if (!texts.some((text) => text.includes(letter))) return letter
  }
  return '\uF8FF'
}

const reads = (text: string, version: '1.1' | '1.2' = '1.2'): unknown => {
  try {
    return parse(text, { version })
  } catch {
    return undefined
  }
}

/**
 * A value that is a whole scalar: plain where it stays the same text, else in double quotes, which JSON's are. Python's
 * reader is one of YAML 1.1, where `no` is a truth value and `52:54:00:12:34:56` a number.
 */
const wholeScalar = ({ text, isData }: Value): string => {
  if (isData) return text
  const isSafe =
    /^[\w./][\w ./@+:-]*$/.test(text) &&
    !/:(?: |$)|^\d+(?:-\d+){2}/.test(text) &&
    !/^(?:y|n)$/i.test(text) &&
    reads(text) === text &&
    reads(text, '1.1') === text
  return isSafe ? text : JSON.stringify(text)
}

/** A plain scalar of which values are parts must still be one. */
const partOfScalar = (scalar: string, values: readonly Value[], letter: string): Filled[] => {
  const texts = scalar.split(letter)
  const whole = texts.map((text, i) => text + (values[i]?.text ?? '')).join('')
  const read = reads(`[${whole}]`)
  const isOne =
    Array.isArray(read) && read.length === 1 && (typeof read[0] !== 'object' || read[0] === null)
  const stays = isOne && /^[^\n]*$/.test(whole) && !whole.includes(' #') && !/^["']/.test(whole)
  return values.map(({ text }) =>
    stays
      ? { text }
      : { refused: 'YAML would read it as more than one text; put quotes around the whole' },
  )
}

const indented = (line: string): ((text: string) => string) => {
  const indent = /^\s*/.exec(line)?.[0] ?? ''
  return (text) => text.replaceAll('\n', `\n${indent}`)
}

/** Values in lines of a `|` or `>` text: further lines of a value get the indentation of its first. */
const inBlock = (block: string, values: readonly Value[], letter: string): Filled[] => {
  const lines = block.split('\n').flatMap((line) =>
    line
      .split(letter)
      .slice(1)
      .map(() => line),
  )
  return values.map(({ text }, i) => onLines(text, indented(lines[i] ?? '')))
}

const inToken = (
  token: string,
  kind: 'block' | 'plain' | ReturnType<typeof CST.tokenType>,
  values: readonly Value[],
  letter: string,
): Filled[] => {
  switch (kind) {
    case 'block':
      return inBlock(token, values, letter)
    case 'plain':
      return token === letter
        ? values.map((value) => ({ text: wholeScalar(value) }))
        : partOfScalar(token, values, letter)
    case 'double-quoted-scalar':
      return values.map(({ text }) => ({ text: JSON.stringify(text).slice(1, -1) }))
    case 'single-quoted-scalar':
      return values.map(({ text }) => onOneLine(text, (value) => value.replaceAll("'", "''")))
    case 'comment':
      return values.map(({ text }) => onOneLine(text))
    default:
      return values.map(({ text }) =>
        /^[\w-]+$/.test(text) ? { text } : { refused: 'it is part of an anchor or tag' },
      )
  }
}

const fill: Syntax['fill'] = (texts, values) => {
  const letter = holeLetter(texts)
  const filled: Filled[] = []
  let before: ReturnType<typeof CST.tokenType> = null
  let isBlock = false
  let isScalar = false
  for (const token of new Lexer().lex(texts.join(letter))) {
    const type = CST.tokenType(token)
    if (type === 'block-scalar-header') isBlock = true
    if (type === 'scalar') {
      isScalar = true
      continue
    }
    const count = token.split(letter).length - 1
    // A letter that no anchor or tag may have ends it: what follows without a blank belongs to it all the same.
    const isName = before === 'anchor' || before === 'alias' || before === 'tag'
    const kind = isScalar && !isName ? (isBlock ? 'block' : 'plain') : type
    before = type
    if (isScalar) isBlock = isScalar = false
    if (count > 0) {
      const from = filled.length
      filled.push(...inToken(token, kind, values.slice(from, from + count), letter))
    }
  }
  return values.map((_value, i) => filled[i] ?? { refused: LINE_BREAKS })
}

const problemOf = ({ code, pos, message }: YAMLError): TextProblem => ({
  message: yamlWords(code, message),
  offset: pos[0],
})

/** Aliases of one document that are followed: more are made to fill the memory. */
const MAX_ALIASES = 1000

/** What is wrong in a text of one or, where they are allowed, several documents. */
export const yamlProblems = (text: string, several: boolean): TextProblem[] => {
  const options = { prettyErrors: false } as const
  const parsed = several ? parseAllDocuments(text, options) : [parseDocument(text, options)]
  const documents = Array.isArray(parsed) ? parsed : []
  const problems = documents.flatMap(({ errors }) => errors).map(problemOf)
  if (problems.length > 0) return problems
  try {
    for (const document of documents) document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch {
    return [{ message: 'an alias has no anchor before it, or there are too many', offset: 0 }]
  }
  return []
}

/** YAML 1.2, of one or several documents. */
export const yaml: Syntax = { fill, problems: (text) => yamlProblems(text, true) }
