import { IpxeScriptError } from '../errors.ts'
import type { Feature } from '../table/index.ts'
import type { Label } from './label.ts'

/** `sure`: cannot end the script by failing, or has been dealt with. `fallible`: must be dealt with. */
export type Fate = 'sure' | 'fallible'

/** Names that local labels got in one script. */
export type LabelNames = ReadonlyMap<Label, string> | undefined

/** What one command needs of an iPXE build. */
export interface Need {
  readonly command: string
  /** Long names of the options used. */
  readonly options: readonly string[]
  /** Scheme of its URI where that is known when the script is built. */
  readonly scheme: string | undefined
}

/** Is told every label a step goes to and everything it needs. */
export interface StepVisitor {
  readonly label: (label: Label) => void
  readonly need: (need: Need) => void
}

/** Fate of `a && b`. */
type AndFate<A extends Fate, B extends Fate> = A extends 'sure' ? B : 'fallible'

/**
 * One line of a script: a command, or several joined by `&&` and `||`.
 *
 * iPXE ends a script at the first line whose status is not zero. So a step that can fail is no line yet: say what is to
 * happen with `.or(goto(x))`, `.orIgnore()`, `.orExit()` or `.orEnd()`.
 */
export abstract class Step<out F extends Feature = Feature, out K extends Fate = Fate> {
  /** For the types alone: what it needs, and whether it can fail. */
  declare readonly '~needs'?: F
  declare readonly '~fate'?: K
  abstract readonly fallible: boolean
  abstract render(names: LabelNames): string
  abstract visit(visitor: StepVisitor): void

  /** `this && next`: runs `next` if this succeeds. */
  and<G extends Feature, L extends Fate>(next: Command<G, L>): Step<F | G, AndFate<K, L>> {
    return new Joined(this, '&&', next, this.fallible || next.fallible)
  }

  /** `this || next`: runs `next` if this fails. */
  or<G extends Feature, L extends Fate>(
    this: Step<F, 'fallible'>,
    next: Command<G, L>,
  ): Step<F | G, L> {
    return new Joined(this, '||', next, next.fallible)
  }

  /** `this ||`: goes on with the next line either way. */
  orIgnore(this: Step<F, 'fallible'>): Step<F, 'sure'> {
    return new Joined(this, '||', undefined, false)
  }

  /** `this || exit 1`: ends this script with a status; whoever chained to it sees it. */
  orExit(this: Step<F, 'fallible'>, status: number = 1): Step<F | 'exit', 'sure'> {
    return new Joined(this, '||', exit(status), false)
  }

  /** Nothing after it: failing ends the script with the command's own status. */
  orEnd(this: Step<F, 'fallible'>): Step<F, 'sure'> {
    return new Joined(this, undefined, undefined, false)
  }
}

/** Several steps on one line; iPXE reads `&&` and `||` from left to right, neither binds tighter. */
class Joined<F extends Feature, K extends Fate> extends Step<F, K> {
  readonly fallible: boolean
  readonly #left: Step
  readonly #operator: '&&' | '||' | undefined
  readonly #right: Command | undefined

  constructor(left: Step, operator: '&&' | '||' | undefined, right: unknown, fallible: boolean) {
    super()
    // Types allow nothing else, plain JavaScript does.
    if (right !== undefined && !(right instanceof Command))
      throw new IpxeScriptError(
        'ERR_IPXE_LINE',
        `${operator} is followed by ${right instanceof Step ? 'several commands' : JSON.stringify(right)}; it takes one command, such as goto(x)`,
      )
    this.fallible = fallible
    this.#left = left
    this.#operator = operator
    this.#right = right
  }

  render(names: LabelNames): string {
    const left = this.#left.render(names)
    if (this.#operator === undefined) return left
    return this.#right
      ? `${left} ${this.#operator} ${this.#right.render(names)}`
      : `${left} ${this.#operator}`
  }

  visit(visitor: StepVisitor): void {
    this.#left.visit(visitor)
    this.#right?.visit(visitor)
  }
}

const NO_OPTIONS: readonly string[] = []

/** One command. Only a single command can follow `&&` or `||`, since iPXE has no parentheses. */
export class Command<out F extends Feature = Feature, out K extends Fate = Fate> extends Step<
  F,
  K
> {
  readonly fallible: boolean
  readonly command: string
  readonly text: string
  readonly options: readonly string[]
  readonly scheme: string | undefined

  constructor(
    command: string,
    text: string,
    fallible: boolean,
    options: readonly string[] = NO_OPTIONS,
    scheme?: string,
  ) {
    super()
    this.command = command
    this.text = text
    this.fallible = fallible
    this.options = options
    this.scheme = scheme
  }

  render(_names: LabelNames): string {
    return this.text
  }

  visit(visitor: StepVisitor): void {
    visitor.need(this)
  }
}

/** A command that names a label in the middle of its text. */
export class LabelCommand<out F extends Feature = Feature> extends Command<F, 'fallible'> {
  readonly #label: Label
  readonly #after: string

  constructor(
    command: string,
    before: string,
    label: Label,
    after: string,
    options?: readonly string[],
  ) {
    super(command, before, true, options)
    this.#label = label
    this.#after = after
  }

  override render(names: LabelNames): string {
    return this.text + (names?.get(this.#label) ?? this.#label.name) + this.#after
  }

  override visit(visitor: StepVisitor): void {
    visitor.need(this)
    visitor.label(this.#label)
  }
}

/** A command after which the next line does not run. */
export class Jump<out F extends Feature = Feature> extends Command<F, 'sure'> {
  declare readonly '~jumps'?: true
  readonly #to: readonly Label[]

  /** With one label and no text of its own, it prints `goto` and the label's name in the script. */
  constructor(command: string, text: string, to: readonly Label[]) {
    super(command, text, false)
    this.#to = to
  }

  override render(names: LabelNames): string {
    if (this.text !== '') return this.text
    const to = this.#to[0]!
    return `goto ${names?.get(to) ?? to.name}`
  }

  override visit(visitor: StepVisitor): void {
    visitor.need(this)
    for (const label of this.#to) visitor.label(label)
  }
}

/** Ends the script with a status: 0 is success. */
export const exit = (status: number = 0): Jump<'exit'> => {
  if (!Number.isInteger(status) || status < 0 || status > 0xffffffff)
    throw new IpxeScriptError(
      'ERR_IPXE_VALUE',
      `exit status ${status} is not a whole number from 0 to 4294967295`,
    )
  return new Jump('exit', status === 0 ? 'exit' : `exit ${status}`, [])
}
