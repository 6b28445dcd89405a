import { Budget, type Limits } from './budget.ts'
import type { ByteString } from './bytes.ts'
import { CallFailed } from './compare.ts'
import { GoTemplateError, type GoTemplateErrorCode } from './error.ts'
import { FUNCTIONS } from './functions.ts'
import {
  show,
  type AnyPart,
  type Branch,
  type Command,
  type Part,
  type NumberNode,
  type Pipe,
  type Term,
} from './nodes.ts'
import type { TemplateSet } from './parse.ts'
import { sprint, sprintf } from './printf.ts'
import { quote } from './quote.ts'
import {
  boolValue,
  intValue,
  INVALID,
  isTrue,
  itemAt,
  stringValue,
  typeOf,
  unboxed,
  type Value,
} from './values.ts'

export interface Program {
  readonly name: ByteString
  readonly text: ByteString
  readonly templates: TemplateSet
}

interface Variable {
  readonly name: ByteString
  value: Value
}

/** What the pipeline's stage before gives; undefined: there is none. */
type Final = Value | undefined

type Signal = 'break' | 'continue' | undefined

/** Line and byte of a place, as Go's errors say them. */
const placeOf = (text: ByteString, at: number): string => {
  const before = text.slice(0, at)
  const lineStart = before.lastIndexOf('\n') + 1
  return `${before.split('\n').length}:${at - lineStart}`
}

const wholeWord = (text: ByteString): boolean => /^0[xX][^pP]*$/.test(text) || text.startsWith("'")

/** One run of one template of a set. */
class Run {
  readonly #program: Program
  readonly #budget: Budget
  readonly #pieces: ByteString[] = []
  #template: ByteString
  #place: AnyPart | undefined
  #vars: Variable[]
  #depth = 0

  constructor(program: Program, data: Value, limits: Limits) {
    this.#program = program
    this.#budget = new Budget(limits)
    this.#template = program.name
    this.#vars = [{ name: '$', value: data }]
  }

  output(): ByteString {
    return this.#pieces.join('')
  }

  #fail(message: ByteString, code: GoTemplateErrorCode = 'ERR_GO_TEMPLATE_RUN'): never {
    const { name, text } = this.#program
    const node = this.#place
    const where = node
      ? `${name}:${placeOf(text, node.at)}: executing ${quote(this.#template)} at <${show(node)}>`
      : name
    throw new GoTemplateError(code, `template: ${where}: ${message}`)
  }

  #at(node: AnyPart): void {
    this.#budget.step()
    this.#place = node
  }

  #write(bytes: ByteString): void {
    this.#budget.write(bytes.length)
    this.#pieces.push(bytes)
  }

  run(data: Value): void {
    const root = this.#program.templates.get(this.#program.name)
    if (!root) this.#fail(`${quote(this.#program.name)} is an incomplete or empty template`)
    this.#walkList(data, root)
  }

  #walkList(dot: Value, nodes: readonly Part[]): Signal {
    for (const node of nodes) {
      const signal = this.#walk(dot, node)
      if (signal) return signal
    }
    return undefined
  }

  #walk(dot: Value, node: Part): Signal {
    this.#at(node)
    switch (node.kind) {
      case 'text':
        this.#write(node.text)
        return undefined
      case 'action': {
        const value = this.#pipeline(dot, node.pipe)
        if (node.pipe.declares.length > 0) return undefined
        this.#at(node)
        const isNothing = unboxed(value).kind === 'invalid'
        this.#write(isNothing ? '<no value>' : sprint(this.#budget, [value]))
        return undefined
      }
      case 'break':
      case 'continue':
        return node.kind
      case 'template':
        return this.#call(dot, node)
      case 'range':
        return this.#range(dot, node)
      default:
        return this.#choose(dot, node)
    }
  }

  #choose(dot: Value, node: Branch): Signal {
    const mark = this.#vars.length
    const value = this.#pipeline(dot, node.pipe)
    const list = isTrue(value) ? node.list : node.otherwise
    const inner = node.kind === 'with' && isTrue(value) ? value : dot
    const signal = list && this.#walkList(inner, list)
    this.#vars.length = mark
    return signal
  }

  #elements(node: Branch, value: Value): (readonly [Value, Value])[] {
    if (value.kind === 'invalid' || value.kind === 'nil') return []
    if (value.kind === 'list')
      return Array.from({ length: value.length }, (_, i) => [intValue(i), itemAt(value, i)])
    if (value.kind === 'map')
      return [...value.entries].map(([key, item]) => [stringValue(key), item])
    return this.#fail(sprintf(this.#budget, "range can't iterate over %v", [value]))
  }

  #range(dot: Value, node: Branch): Signal {
    const outer = this.#vars.length
    const value = unboxed(this.#pipeline(dot, node.pipe))
    const mark = this.#vars.length
    const elements = this.#elements(node, value)
    let signal: Signal
    for (const [key, element] of elements) {
      const { length } = node.pipe.declares
      if (length > 0) this.#setTop(1, element)
      if (length > 1) this.#setTop(2, key)
      const inner = this.#walkList(element, node.list)
      this.#vars.length = mark
      if (inner === 'break') break
    }
    // A break within `else` ends this loop as well, as in Go, which looks for the innermost range by its text.
    if (elements.length === 0 && node.otherwise) signal = this.#walkList(dot, node.otherwise)
    this.#vars.length = outer
    return signal === 'break' ? undefined : signal
  }

  #call(dot: Value, node: Part & { kind: 'template' }): Signal {
    const nodes = this.#program.templates.get(node.name)
    if (!nodes) this.#fail(`template ${quote(node.name)} not defined`)
    const { depth } = this.#budget.limits
    if (this.#depth === depth)
      this.#fail(`exceeded maximum template depth (${depth})`, 'ERR_GO_TEMPLATE_LIMIT')
    const inner = node.pipe ? this.#pipeline(dot, node.pipe) : INVALID
    const kept = [this.#template, this.#vars] as const
    ;[this.#template, this.#vars] = [node.name, [{ name: '$', value: inner }]]
    this.#depth++
    this.#walkList(inner, nodes)
    this.#depth--
    ;[this.#template, this.#vars] = kept
    return undefined
  }

  /** `= ` of a range sets what stands on top, whatever it is called, as Go does. */
  #setTop(fromTop: number, value: Value): void {
    const variable = this.#vars.at(-fromTop)
    if (variable) variable.value = value
  }

  #variable(name: ByteString): Variable {
    for (let i = this.#vars.length - 1; i >= 0; i--) {
      const variable = this.#vars[i]
      if (variable?.name === name) return variable
    }
    return this.#fail(`undefined variable: ${name}`)
  }

  #pipeline(dot: Value, pipe: Pipe): Value {
    this.#at(pipe)
    let value: Final
    for (const command of pipe.commands) {
      const next = this.#command(dot, command, value)
      value = unboxed(next)
    }
    const result = value ?? INVALID
    for (const name of pipe.declares) {
      if (pipe.isAssign) this.#variable(name).value = result
      else this.#vars.push({ name, value: result })
    }
    return result
  }

  #refuseArguments(words: readonly Term[], final: Final): void {
    const [first] = words
    if (first && (words.length > 1 || final))
      this.#fail(`can't give argument to non-function ${show(first)}`)
  }

  #command(dot: Value, { words, ...command }: Command, final: Final): Value {
    const [first] = words
    if (!first) return INVALID
    switch (first.kind) {
      case 'field':
      case 'chain':
      case 'variable':
        return this.#named(dot, first, words, final)
      case 'function':
        this.#at(first)
        return this.#function(dot, first.name, { ...command, words }, words.slice(1), final)
      case 'pipe':
        this.#refuseArguments(words, final)
        return this.#pipeline(dot, first)
      case 'nil':
        this.#at(first)
        this.#refuseArguments(words, final)
        return this.#fail('nil is not a command')
      default:
        this.#at(first)
        this.#refuseArguments(words, final)
        return this.#constant(dot, first)
    }
  }

  #constant(dot: Value, term: Term): Value {
    switch (term.kind) {
      case 'dot':
        return dot
      case 'bool':
        return boolValue(term.value)
      case 'string':
        return stringValue(term.value)
      default:
        return term.kind === 'number' ? this.#number(term) : INVALID
    }
  }

  #number(node: NumberNode): Value {
    this.#at(node)
    const { text, complex, float, int, isUint } = node
    if (complex) return { kind: 'complex128', ...complex }
    if (float !== undefined && !wholeWord(text) && /[.eEpP]/.test(text))
      return { kind: 'float64', value: float }
    if (int !== undefined) return intValue(int)
    return isUint ? this.#fail(`${text} overflows int`) : INVALID
  }

  /** `.a.b`, `$x.y`, `(…).z` */
  #named(
    dot: Value,
    node: Term & { kind: 'field' | 'chain' | 'variable' },
    words: readonly Term[],
    final: Final,
  ): Value {
    this.#at(node)
    if (node.kind === 'field') return this.#fields(node, dot, node.names, words, final)
    if (node.kind === 'chain') {
      if (node.of.kind === 'nil') this.#fail(`indirection through explicit nil in ${show(node)}`)
      const value = this.#argument(dot, node.of, 'anything')
      return this.#fields(node, value, node.names, words, final)
    }
    const [name = '', ...names] = node.names
    const { value } = this.#variable(name)
    if (names.length > 0) return this.#fields(node, value, names, words, final)
    this.#refuseArguments(words, final)
    return value
  }

  #fields(
    node: AnyPart,
    from: Value,
    names: readonly ByteString[],
    words: readonly Term[],
    final: Final,
  ): Value {
    let value = from
    for (const [i, name] of names.entries()) {
      const hasArguments = i === names.length - 1 && (words.length > 1 || final !== undefined)
      value = this.#field(value, name, hasArguments)
    }
    return value
  }

  #field(from: Value, name: ByteString, hasArguments: boolean): Value {
    this.#budget.step()
    if (from.kind === 'invalid') this.#fail(`nil data; no entry for key ${quote(name)}`)
    if (from.kind === 'nil') this.#fail(`nil pointer evaluating interface {}.${name}`)
    if (from.kind !== 'map') this.#fail(`can't evaluate field ${name} in type ${typeOf(from)}`)
    if (hasArguments) this.#fail(`${name} is not a method but has arguments`)
    return from.entries.get(name) ?? this.#fail(`map has no entry for key ${quote(name)}`)
  }

  #function(
    dot: Value,
    name: ByteString,
    node: AnyPart,
    terms: readonly Term[],
    final: Final,
  ): Value {
    const known = FUNCTIONS.get(name)
    if (!known) return this.#fail(`${quote(name)} is not a defined function`)
    const given = terms.length + (final ? 1 : 0)
    if (known.isVariadic && given < known.least)
      this.#fail(
        `wrong number of args for ${name}: want at least ${known.least} got ${terms.length}`,
      )
    if (!known.isVariadic && given !== known.least)
      this.#fail(`wrong number of args for ${name}: want ${known.least} got ${given}`)
    if (name === 'and' || name === 'or') return this.#shortCircuit(dot, name, terms, final)
    const values = terms.map((term, i) =>
      this.#argument(dot, term, i === 0 && known.wantsString ? 'string' : 'value'),
    )
    if (final) values.push(values.length === 0 && known.wantsString ? this.#asString(final) : final)
    try {
      return known.call(this.#budget, values)
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      this.#at(node)
      return this.#fail(`error calling ${name}: ${error.message}`)
    }
  }

  #shortCircuit(dot: Value, name: 'and' | 'or', terms: readonly Term[], final: Final): Value {
    let value: Value = INVALID
    for (const term of terms) {
      value = this.#argument(dot, term, 'value')
      if (isTrue(value) === (name === 'or')) return value
    }
    return final ?? value
  }

  #asString(value: Value): Value {
    if (value.kind === 'invalid') this.#fail('invalid value; expected string')
    if (value.kind === 'nil') this.#fail('wrong type for value; expected string; got interface {}')
    const held = unboxed(value)
    if (held.kind === 'string') return held
    return this.#fail(
      `wrong type for value; expected string; got ${held.kind === 'invalid' ? '' : typeOf(held)}`,
    )
  }

  #argument(dot: Value, term: Term, wanted: 'string' | 'value' | 'anything'): Value {
    this.#at(term)
    const checked = (value: Value): Value => (wanted === 'string' ? this.#asString(value) : value)
    switch (term.kind) {
      case 'dot':
        return checked(dot)
      case 'nil':
        return wanted === 'string' ? this.#fail('cannot assign nil to string') : INVALID
      case 'field':
      case 'variable':
      case 'chain':
        return checked(this.#named(dot, term, [], undefined))
      case 'pipe':
        return checked(this.#pipeline(dot, term))
      case 'function':
        this.#at(term)
        return checked(this.#function(dot, term.name, term, [], undefined))
      default:
        if (wanted === 'string' && term.kind !== 'string')
          this.#fail(`expected string; found ${show(term)}`)
        return this.#constant(dot, term)
    }
  }
}

/** Runs a program on data; nothing of its output is given where it fails. */
export const run = (program: Program, data: Value, limits: Limits): ByteString => {
  const one = new Run(program, data, limits)
  one.run(data)
  return one.output()
}
