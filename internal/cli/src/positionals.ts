import { UsageError } from './usage-error.ts'

type One<Word extends string> = Word extends ''
  ? []
  : Word extends `[${string}…]`
    ? string[]
    : Word extends `[${string}]`
      ? [string?]
      : Word extends `${string}…`
        ? [string, ...string[]]
        : [string]

/** The words of `URL [FILE]`, `FILE…` or `[FILE…]` as a tuple. */
export type PositionalsOf<Usage extends string> = Usage extends `${infer Head} ${infer Tail}`
  ? readonly [...One<Head>, ...PositionalsOf<Tail>]
  : Readonly<One<Usage>>

/** Refuses too few and too many words; `call` is how the command is called, for the message. */
export const checkPositionals = (usage: string, words: readonly string[], call: string): void => {
  const names = usage.split(' ').filter((name) => name !== '')
  const needed = names.filter((name) => !name.startsWith('['))
  if (words.length < needed.length)
    throw new UsageError(`${needed[words.length]!.replace('…', '')} is missing: ${call} ${usage}`)
  if (usage.includes('…') || words.length <= names.length) return
  const surplus = JSON.stringify(words[names.length])
  throw new UsageError(
    names.length === 0
      ? `${surplus} is not an option, and ${call} takes nothing else`
      : `${surplus} is too much: ${call} ${usage}`,
  )
}
