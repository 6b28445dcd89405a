import { SAFE_WORDS_PER_LINE, type Word } from '../syntax/index.ts'
import { commandNamed } from '../table/index.ts'
import { argumentIndex, type GivenCommand, isDynamic, optionsOf } from './model.ts'

/**
 * What a word is to an operator that somebody may have meant in it.
 *
 *     echo usage: shell; reboot       shown or stored: any character belongs to the text
 *     kernel URL a | b                handed to an image: another program's syntax, unless a whole command follows
 *     dhcp net0 | goto failed         read by the command itself: an operator is a mistake
 */
type Use = 'text' | 'image' | 'command'

/** How a command uses one of its words, by its index. */
export const useOf = (command: GivenCommand, wordIndex: number): Use => {
  const index = argumentIndex(command, wordIndex)
  if (index < 0 || !command.spec) return 'command'
  const { arguments: kinds, group } = command.spec
  const argument = kinds[Math.min(index, kinds.length - 1)]
  if (argument?.kind !== 'text' || !argument.repeated) return 'command'
  return group === 'images' ? 'image' : 'text'
}

/** Whether the words from one on are a command that iPXE would run as it stands: known, with options and arguments that it takes. */
export const isWholeCommand = (
  words: readonly Word[],
  from: number,
  labels: ReadonlyMap<string, number>,
): boolean => {
  const spec = commandNamed(words[from]?.text ?? '')
  if (!spec || words.length - from > SAFE_WORDS_PER_LINE) return false
  const { options, args } = optionsOf(words.slice(from), spec)
  if (options.some(({ option }) => option === undefined)) return false
  if (args.length < spec.min || args.length > spec.max) return false
  return spec.name !== 'goto' || isDynamic(args[0]!.text) || labels.has(args[0]!.text)
}
