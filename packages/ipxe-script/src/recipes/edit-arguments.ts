import {
  type Duration,
  type Key,
  type ScriptLine,
  prompt,
  read,
  seconds,
  set,
  type Setting,
  type Text,
} from '../build/index.ts'
import { listOf } from './list.ts'
import { checkOptions } from './options.ts'

export interface EditArgumentsOptions {
  /** Holds the arguments; give it to the kernel: `linux({ …, args: [cmdline] })`. */
  readonly into: Setting<'string'>
  /** What the person finds there. */
  readonly initial: readonly Text[]
  /** The key to press. Default: `e`. */
  readonly key?: Key
  /** How long it waits for the key. Default: 3 s. */
  readonly timeout?: Duration
  /** Default: `Press E to edit the kernel arguments`. */
  readonly prompt?: Text
}

/**
 * Lets the person at the console edit the kernel's arguments before the boot, on a serial line too. `initrd=` is not
 * among them, so it cannot get lost.
 */
export const editArguments = (
  options: EditArgumentsOptions,
): readonly ScriptLine<'set' | 'prompt' | 'prompt --key' | 'prompt --timeout' | 'read'>[] => {
  checkOptions('editArguments', options)
  const { into, key = 'e', timeout = seconds(3) } = options
  const words = options.prompt ?? `Press ${key.toUpperCase()} to edit the kernel arguments`
  return [
    set(into, ...listOf('initial', options.initial)),
    prompt({ key, timeout }, words).and(read(into)).orIgnore(),
  ]
}
