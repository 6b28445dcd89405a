import { commandNamed, type Feature } from '../table/index.ts'
import { Label, localLabel } from './label.ts'
import { Remark } from './remark.ts'
import { goto } from './special.ts'
import { Command, exit, type Jump, Step } from './step.ts'

/** What the table says of a command that every build has. */
const EVERYWHERE = 'DBES'

/** What a script is made of: labels, comments, and steps that cannot end it by failing. */
export type ScriptLine<F extends Feature = Feature> =
  | Label
  | Remark
  | Step<F, 'sure'>
  | readonly ScriptLine<F>[]

/** What a block is made of: the same, and steps that can fail. */
export type BlockLine<F extends Feature = Feature> =
  | Label
  | Remark
  | Step<F>
  | readonly BlockLine<F>[]

/**
 * Several lines that can fail together, as recipes give them. Say once what is to happen, and it holds for every line:
 * `linux({ … }).or(goto(failed))`.
 */
export class Block<out F extends Feature = Feature> {
  readonly #lines: readonly BlockLine<F>[]

  constructor(lines: readonly BlockLine<F>[]) {
    this.#lines = lines
  }

  /** The lines as they are, to be part of another block. */
  get lines(): readonly BlockLine<F>[] {
    return this.#lines
  }

  #deal<G extends Feature>(
    deal: (step: Step<F, 'fallible'>) => Step<G, 'sure'>,
  ): ScriptLine<F | G>[] {
    const dealt = (line: BlockLine<F>): ScriptLine<F | G> => {
      if (line instanceof Label || line instanceof Remark) return line
      if (line instanceof Step)
        return isFallible(line) || mayBeMissing(line) ? deal(line) : sure(line)
      return line.map(dealt)
    }
    return this.#lines.map(dealt)
  }

  /** Leaves for another place where a line fails. */
  or<G extends Feature>(jump: Jump<G>): readonly ScriptLine<F | G>[] {
    return this.#deal<F | G>((step) => step.or(jump))
  }

  /** Ends the script with a status where a line fails. */
  orExit(status: number = 1): readonly ScriptLine<F | 'exit'>[] {
    return this.or(exit(status))
  }

  /** Ends the script with the failing command's own status. */
  orEnd(): readonly ScriptLine<F>[] {
    return this.#deal((step) => step.orEnd())
  }

  /** Skips the rest of the block where a line fails, and goes on after it. */
  orContinue(): readonly ScriptLine<F | 'goto'>[] {
    const after = localLabel('after')
    return [...this.or(goto(after)), after]
  }
}

/** A command that some builds lack fails there, even where it cannot fail otherwise: `params`. */
const mayBeMissing = <F extends Feature>(step: Step<F>): step is Step<F, 'fallible'> =>
  step instanceof Command && (commandNamed(step.command)?.on ?? EVERYWHERE) !== EVERYWHERE

const isFallible = <F extends Feature>(step: Step<F>): step is Step<F, 'fallible'> => step.fallible

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- isFallible was asked before
const sure = <F extends Feature>(step: Step<F>): Step<F, 'sure'> => step as Step<F, 'sure'>
