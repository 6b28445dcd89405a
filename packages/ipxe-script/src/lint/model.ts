import type { Line, OperatorText, Script, Word } from '../syntax/index.ts'
import { commandNamed, type CommandOption, type CommandSpec } from '../table/index.ts'

/** One option as it stands in the script. */
export interface GivenOption {
  /** The word with the dashes. */
  readonly word: Word
  /** As written: `--timeout`, `-t`. */
  readonly written: string
  readonly option: CommandOption | undefined
  readonly value: string | undefined
  /** Where the value stands; its own word or part of the option's. */
  readonly valueWord: Word | undefined
}

/** One command of a line, taken apart as iPXE's `getopt_long` would. */
export interface GivenCommand {
  readonly line: Line
  /** Index of the line in the script. */
  readonly row: number
  /** Index among the segments of its line. */
  readonly index: number
  /** Index among the commands of the script. */
  readonly order: number
  readonly name: Word
  readonly spec: CommandSpec | undefined
  readonly options: readonly GivenOption[]
  /** Positional arguments. */
  readonly args: readonly Word[]
  /** All words, the name first. */
  readonly words: readonly Word[]
  /** What joins it to the command before. */
  readonly before: OperatorText | undefined
  /** What follows it. */
  readonly after: OperatorText | undefined
}

/** A line with its commands; a segment without words is `undefined`: it does nothing, successfully. */
export interface ModelLine {
  readonly line: Line
  readonly row: number
  /** Order of the first command from here on; there may be none. */
  readonly from: number
  readonly segments: readonly (GivenCommand | undefined)[]
}

export interface Model {
  readonly script: Script
  readonly lines: readonly ModelLine[]
  readonly commands: readonly GivenCommand[]
  /** First line (by row) of every label. */
  readonly labels: ReadonlyMap<string, number>
}

/** Whether a word's value is only known when the script runs. */
export const isDynamic = (word: string): boolean => word.includes('${')

/** Takes a command's words apart: its options, and what is left for arguments. */
export const optionsOf = (
  words: readonly Word[],
  spec: CommandSpec,
): { options: GivenOption[]; args: readonly Word[] } => {
  const options: GivenOption[] = []
  let at = 1
  /** Takes the value that follows an option, if it can be one. */
  const following = (option: CommandOption | undefined): Word | undefined => {
    const next = words[at]
    if (!option || option.value === 'flag' || !next || next.text.startsWith('-')) return undefined
    at++
    return next
  }
  while (at < words.length) {
    const word = words[at]!
    if (!word.text.startsWith('-') || word.text === '-') break
    at++
    if (word.text === '--') break
    if (word.text.startsWith('--')) {
      const equals = word.text.indexOf('=')
      const written = equals < 0 ? word.text : word.text.slice(0, equals)
      const option = spec.options.find(({ long }) => `--${long}` === written)
      const next = equals < 0 ? following(option) : undefined
      options.push({
        word,
        written,
        option,
        value: equals < 0 ? next?.text : word.text.slice(equals + 1),
        valueWord: equals < 0 ? next : word,
      })
      continue
    }
    for (let letter = 1; letter < word.text.length; letter++) {
      const short = word.text[letter]!
      const option = spec.options.find((candidate) => candidate.short === short)
      const rest = word.text.slice(letter + 1)
      const takesRest = option && option.value !== 'flag' && rest !== ''
      const next = takesRest ? undefined : following(option)
      options.push({
        word,
        written: `-${short}`,
        option,
        value: takesRest ? rest : next?.text,
        valueWord: takesRest ? word : next,
      })
      if (option && option.value !== 'flag') break
    }
  }
  return { options, args: words.slice(at) }
}

/** Which argument one of a command's words is; below 0: none. Arguments are its last words. */
export const argumentIndex = ({ words, args }: GivenCommand, wordIndex: number): number =>
  wordIndex - (words.length - args.length)

/** The value of an option, by its long name. */
export const optionOf = (command: GivenCommand, long: string): GivenOption | undefined =>
  command.options.find((given) => given.option?.long === long)

export const createModel = (script: Script): Model => {
  const commands: GivenCommand[] = []
  const labels = new Map<string, number>()
  const lines = script.lines.map((line, row): ModelLine => {
    if (line.label && !labels.has(line.label.text)) labels.set(line.label.text, row)
    const from = commands.length
    const segments = line.segments.map((segment, index) => {
      const [name] = segment.words
      if (!name) return undefined
      const spec = commandNamed(name.text)
      const { options, args } = spec
        ? optionsOf(segment.words, spec)
        : { options: [], args: segment.words.slice(1) }
      const command: GivenCommand = {
        line,
        row,
        index,
        order: commands.length,
        name,
        spec,
        options,
        args,
        words: segment.words,
        before: line.segments[index - 1]?.operator?.text,
        after: segment.operator?.text,
      }
      commands.push(command)
      return command
    })
    return { line, row, from, segments }
  })
  return { script, lines, commands, labels }
}

/** Where the last word or operator of a line ends: before its comment. */
export const endOfLine = ({ segments }: Line): number =>
  segments.at(-1)?.words.at(-1)?.end ?? segments.at(-2)?.operator?.end ?? 0
