import type { CommandOption, CommandSpec } from '../table/index.ts'
import { type Bytes, parseInteger } from './bytes.ts'
import { STATUS } from './errno.ts'

export type OptionValue = string | number | true

/** A command's words sorted out. */
export interface Arguments {
  readonly options: ReadonlyMap<string, OptionValue>
  readonly rest: readonly Bytes[]
}

/** Words that the command does not take: a status, and what iPXE prints. */
export interface Refusal {
  readonly status: number
  readonly message: string
  /** Whether the usage follows the message. */
  readonly usage: boolean
}

const refuse = (status: number, message = '', usage = true): Refusal => ({ status, message, usage })

/** What an option's value stands for, or the refusal. */
const valueOf = (
  option: CommandOption,
  text: Bytes,
  emptyIsZero: boolean,
): OptionValue | Refusal => {
  if (option.value === 'string' || option.value === 'setting') return text
  if (option.value === 'key' && text.length === 1) return text.charCodeAt(0)
  return integerOf(text, emptyIsZero)
}

/** An integer, or what iPXE says of a text that is none. The empty text was 0 in builds of 2019. */
export const integerOf = (text: Bytes, emptyIsZero: boolean): number | Refusal => {
  const value = text === '' && !emptyIsZero ? undefined : parseInteger(text)
  return value ?? refuse(STATUS.notAnInteger, `"${text}": invalid integer value`, false)
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'status' in value

/** Takes options from the front of the words as iPXE's `getopt_long` does: no abbreviation, no reordering. */
class Reader {
  readonly options = new Map<string, OptionValue>()
  readonly #words: readonly Bytes[]
  readonly #allowed: readonly CommandOption[]
  readonly #emptyIsZero: boolean
  #at = 0

  constructor(words: readonly Bytes[], allowed: readonly CommandOption[], emptyIsZero: boolean) {
    this.#words = words
    this.#allowed = allowed
    this.#emptyIsZero = emptyIsZero
  }

  get rest(): readonly Bytes[] {
    return this.#words.slice(this.#at)
  }

  read(): Refusal | undefined {
    for (;;) {
      const word = this.#words[this.#at]
      if (word === undefined || !word.startsWith('-')) return undefined
      this.#at++
      if (word === '--') return undefined
      const refusal = word.startsWith('--') ? this.#long(word) : this.#short(word)
      if (refusal) return refusal
    }
  }

  #long(word: Bytes): Refusal | undefined {
    const equals = word.indexOf('=')
    const name = word.slice(2, equals < 0 ? undefined : equals)
    const inline = equals < 0 ? undefined : word.slice(equals + 1)
    if (name === 'help')
      return inline === undefined
        ? refuse(STATUS.helped)
        : refuse(STATUS.missingValue, 'Option "help" takes no argument')
    const option = this.#allowed.find(({ long }) => long === name)
    if (!option) return refuse(STATUS.unknownOption, `Unrecognised option "${word}"`)
    if (option.value !== 'flag') return this.#take(option, name, inline)
    if (inline !== undefined)
      return refuse(STATUS.missingValue, `Option "${name}" takes no argument`)
    this.options.set(option.long, true)
    return undefined
  }

  #short(word: Bytes): Refusal | undefined {
    if (word === '-') return refuse(STATUS.unknownOption, 'Unrecognised option "-"')
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!
      if (letter === 'h') return refuse(STATUS.helped)
      const option = this.#allowed.find(({ short }) => short === letter)
      if (!option) return refuse(STATUS.unknownOption, `Unrecognised option "-${letter}"`)
      if (option.value !== 'flag') {
        const inline = word.slice(at + 1)
        return this.#take(option, letter, inline === '' ? undefined : inline)
      }
      this.options.set(option.long, true)
    }
    return undefined
  }

  /** A value beside its option must not look like an option itself. */
  #take(option: CommandOption, shown: string, inline: Bytes | undefined): Refusal | undefined {
    const next = this.#words[this.#at]
    if (inline === undefined && (next === undefined || next.startsWith('-')))
      return refuse(STATUS.missingValue, `Option "${shown}" requires an argument`)
    if (inline === undefined) this.#at++
    const value = valueOf(option, inline ?? next!, this.#emptyIsZero)
    if (isRefusal(value)) return value
    this.options.set(option.long, value)
    return undefined
  }
}

/** Sorts a command's words into options and arguments, by the command table. */
export const readArguments = (
  spec: CommandSpec,
  allowed: readonly CommandOption[],
  words: readonly Bytes[],
  emptyIsZero: boolean,
): Arguments | Refusal => {
  const reader = new Reader(words, allowed, emptyIsZero)
  const refusal = reader.read()
  if (refusal) return refusal
  const { rest, options } = reader
  if (rest.length < spec.min || rest.length > spec.max) return refuse(STATUS.argumentCount)
  return { options, rest }
}

/** The usage that iPXE prints, written from the table. */
export const usageOf = (spec: CommandSpec, allowed: readonly CommandOption[]): string => {
  const options = allowed.map(
    ({ long, short, value }) => `[-${short}|--${long}${value === 'flag' ? '' : ` <${long}>`}]`,
  )
  const args = spec.arguments.map(({ kind, optional, repeated }) => {
    const name = `<${kind}>${repeated ? '...' : ''}`
    return optional || repeated ? `[${name}]` : name
  })
  const line = ['', '', spec.name, ...options, ...args].join(' ')
  return `Usage:\n\n${line}\n\nSee http://ipxe.org/cmd/${spec.name} for further information\n`
}
