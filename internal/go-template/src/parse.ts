import { failWith } from '@bootwire-internal/common'

import { runesOf, type ByteString } from './bytes.ts'
import { GoTemplateError } from './error.ts'
import { lex, type Token, type TokenKind } from './lex.ts'
import { show, type Branch, type Command, type Part, type Pipe, type Term } from './nodes.ts'
import { numberNode } from './number.ts'
import { quote, unquote } from './quote.ts'

/** One template of a set: the text itself, or what a `define` or `block` in it named. */
export type TemplateSet = ReadonlyMap<ByteString, readonly Part[]>

type End = { readonly kind: 'end' | 'else'; readonly at: number }

const isEnd = (node: Part | End): node is End => node.kind === 'end' || node.kind === 'else'

/** How deep actions and parentheses may lie in one another. */
const MAX_NESTING = 400

const limit = failWith(GoTemplateError, 'ERR_GO_TEMPLATE_LIMIT')

const isBlank = (nodes: readonly Part[]): boolean =>
  nodes.every((node) => node.kind === 'text' && /^[\t-\r ]*$/.test(node.text))

const OPERANDS = new Set<TokenKind>([
  'bool',
  'rune',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw',
  'string',
  'variable',
  '(',
])
/** What cannot take the value of the stage before it. */
const CONSTANT = new Set(['bool', 'dot', 'nil', 'number', 'string'])

const describeToken = ({ kind, text }: Token): ByteString => {
  if (kind === 'eof') return 'EOF'
  if (kind === 'error') return text
  if (kind === 'keyword' || kind === 'nil' || (kind === 'dot' && text === '.')) return `<${text}>`
  if (text.length <= 10) return quote(text)
  const tenth = runesOf(text)[10]
  return `${quote(text.slice(0, tenth?.at))}...`
}

class Parser {
  readonly #name: ByteString
  readonly #functions: ReadonlySet<string>
  readonly #tokens: readonly Token[]
  readonly #set = new Map<ByteString, readonly Part[]>()
  #next = 0
  /** The furthest token that was looked at: errors name its line. */
  #furthest = -1
  #vars: ByteString[] = ['$']
  #actionLine = 0
  #rangeDepth = 0
  #nesting = 0

  constructor(name: ByteString, text: ByteString, functions: ReadonlySet<string>) {
    this.#name = name
    this.#functions = functions
    this.#tokens = lex(text)
  }

  #fail(message: ByteString, furthest = this.#furthest): never {
    const line = this.#tokens[furthest]?.line ?? 0
    throw new GoTemplateError(
      'ERR_GO_TEMPLATE_PARSE',
      `template: ${this.#name}:${line}: ${message}`,
    )
  }

  #peek(): Token {
    if (this.#next > this.#furthest) this.#furthest = this.#next
    return this.#tokens[this.#next] ?? { kind: 'eof', at: 0, text: '', line: 0 }
  }

  #take(): Token {
    const token = this.#peek()
    this.#next++
    return token
  }

  #peekPastSpace(): Token {
    while (this.#peek().kind === 'space') this.#next++
    return this.#peek()
  }

  #takePastSpace(): Token {
    const token = this.#peekPastSpace()
    this.#next++
    return token
  }

  #unexpected(token: Token, context: ByteString): never {
    if (token.kind !== 'error') this.#fail(`unexpected ${describeToken(token)} in ${context}`)
    const isElsewhere = this.#actionLine !== 0 && this.#actionLine !== token.line
    const started = ` in action started at ${this.#name}:${this.#actionLine}`
    const extra = token.text.endsWith(' action') ? started.slice(' in action'.length) : started
    this.#fail(token.text + (isElsewhere ? extra : ''))
  }

  #expect(context: ByteString, ...kinds: readonly TokenKind[]): Token {
    const token = this.#takePastSpace()
    if (!kinds.includes(token.kind)) this.#unexpected(token, context)
    return token
  }

  #isKeyword(token: Token, word: string): boolean {
    return token.kind === 'keyword' && token.text === word
  }

  /** Runs what lies one level deeper. */
  #deeper<T>(parse: () => T): T {
    if (++this.#nesting > MAX_NESTING)
      limit(`template: ${this.#name}: nested deeper than ${MAX_NESTING} levels`)
    const value = parse()
    this.#nesting--
    return value
  }

  #add(name: ByteString, nodes: readonly Part[]): void {
    const known = this.#set.get(name)
    if (!known || isBlank(known)) this.#set.set(name, nodes)
    else if (!isBlank(nodes)) this.#fail(`template: multiple definition of template ${quote(name)}`)
  }

  parse(): TemplateSet {
    const root: Part[] = []
    while (this.#peek().kind !== 'eof') {
      if (this.#peek().kind === 'left') {
        const begin = this.#next++
        if (this.#isKeyword(this.#takePastSpace(), 'define')) {
          this.#definition()
          continue
        }
        this.#next = begin
      }
      const node = this.#textOrAction()
      if (isEnd(node)) this.#fail(`unexpected {{${node.kind}}}`)
      root.push(node)
    }
    this.#add(this.#name, root)
    return this.#set
  }

  /** A template within has variables and loops of its own. */
  #inOwnScope<T>(parse: () => T): T {
    const kept = [this.#vars, this.#rangeDepth, this.#actionLine] as const
    ;[this.#vars, this.#rangeDepth, this.#actionLine] = [['$'], 0, 0]
    const value = parse()
    ;[this.#vars, this.#rangeDepth, this.#actionLine] = kept
    return value
  }

  #definition(): void {
    const context = 'define clause'
    const name = this.#unquoted(this.#expect(context, 'string', 'raw'))
    this.#expect(context, 'right')
    this.#add(name, this.#body(context))
  }

  /** Up to the `end` of a template of its own; Go blames a block's `else` on the line where the block begins. */
  #body(context: ByteString, blamed?: number): readonly Part[] {
    return this.#inOwnScope(() => {
      const { nodes, end } = this.#list()
      if (end.kind !== 'end') this.#fail(`unexpected {{${end.kind}}} in ${context}`, blamed)
      return nodes
    })
  }

  #unquoted({ text }: Token): ByteString {
    return unquote(text) ?? this.#fail('invalid syntax')
  }

  #list(): { nodes: readonly Part[]; end: End } {
    return this.#deeper(() => {
      const nodes: Part[] = []
      while (this.#peekPastSpace().kind !== 'eof') {
        const node = this.#textOrAction()
        if (isEnd(node)) return { nodes, end: node }
        nodes.push(node)
      }
      return this.#fail('unexpected EOF')
    })
  }

  #textOrAction(): Part | End {
    const token = this.#takePastSpace()
    if (token.kind === 'text') return { kind: 'text', at: token.at, text: token.text }
    if (token.kind !== 'left') this.#unexpected(token, 'input')
    this.#actionLine = token.line
    const node = this.#action()
    this.#actionLine = 0
    return node
  }

  #action(): Part | End {
    const token = this.#peekPastSpace()
    if (token.kind !== 'keyword' || token.text === 'define')
      return { kind: 'action', at: token.at, pipe: this.#pipeline('command', 'right') }
    this.#take()
    const { at } = token
    switch (token.text) {
      case 'block': {
        const context = 'block clause'
        const nameToken = this.#takePastSpace()
        const name = this.#templateName(nameToken, context)
        const pipe = this.#pipeline(context, 'right')
        this.#add(name, this.#body(context, this.#furthest))
        return { kind: 'template', at: nameToken.at, name, pipe }
      }
      case 'break':
      case 'continue': {
        const tag = `{{${token.text}}}`
        const next = this.#takePastSpace()
        if (next.kind !== 'right') this.#unexpected(next, tag)
        if (this.#rangeDepth === 0) this.#fail(`${tag} outside {{range}}`)
        return { kind: token.text, at }
      }
      case 'else': {
        const next = this.#peekPastSpace()
        if (this.#isKeyword(next, 'if')) return { kind: 'else', at: next.at }
        return { kind: 'else', at: this.#expect('else', 'right').at }
      }
      case 'end':
        return { kind: 'end', at: this.#expect('end', 'right').at }
      case 'template': {
        const context = 'template clause'
        const nameToken = this.#takePastSpace()
        const name = this.#templateName(nameToken, context)
        if (this.#peekPastSpace().kind === 'right') {
          this.#take()
          return { kind: 'template', at: nameToken.at, name }
        }
        return { kind: 'template', at: nameToken.at, name, pipe: this.#pipeline(context, 'right') }
      }
      default:
        return this.#branch(token.text === 'range' || token.text === 'with' ? token.text : 'if')
    }
  }

  #templateName(token: Token, context: ByteString): ByteString {
    if (token.kind !== 'string' && token.kind !== 'raw') this.#unexpected(token, context)
    return this.#unquoted(token)
  }

  #branch(kind: Branch['kind']): Branch {
    const vars = this.#vars.length
    const pipe = this.#pipeline(kind, 'right')
    if (kind === 'range') this.#rangeDepth++
    const { nodes: list, end } = this.#list()
    if (kind === 'range') this.#rangeDepth--
    const base = { kind, at: pipe.at, pipe, list }
    const branch = end.kind === 'end' ? base : { ...base, otherwise: this.#otherwise(kind) }
    this.#vars.length = vars
    return branch
  }

  #otherwise(kind: Branch['kind']): readonly Part[] {
    if (kind === 'if' && this.#isKeyword(this.#peek(), 'if')) {
      this.#take()
      return [this.#deeper(() => this.#branch('if'))]
    }
    const { nodes, end } = this.#list()
    if (end.kind !== 'end') this.#fail(`expected end; found {{${end.kind}}}`)
    return nodes
  }

  #pipeline(context: ByteString, end: 'right' | ')'): Pipe {
    const { at } = this.#peekPastSpace()
    const { declares, isAssign } = this.#declarations(context)
    const commands: Command[] = []
    for (;;) {
      const token = this.#peekPastSpace()
      if (token.kind === end) {
        this.#take()
        break
      }
      if (!OPERANDS.has(token.kind)) {
        this.#take()
        this.#unexpected(token, context)
      }
      commands.push(this.#command())
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`)
    for (const [i, { words }] of commands.entries())
      if (i > 0 && CONSTANT.has(words[0]?.kind ?? ''))
        this.#fail(`non executable command in pipeline stage ${i + 1}`)
    return { kind: 'pipe', at, isAssign, declares, commands }
  }

  #declarations(context: ByteString): { declares: ByteString[]; isAssign: boolean } {
    const declares: ByteString[] = []
    for (;;) {
      const variable = this.#peekPastSpace()
      if (variable.kind !== 'variable') return { declares, isAssign: false }
      const begin = this.#next++
      const next = this.#peekPastSpace()
      const isComma = next.kind === 'char' && next.text === ','
      if (next.kind !== 'assign' && next.kind !== 'declare' && !isComma) {
        this.#next = begin
        return { declares, isAssign: false }
      }
      this.#take()
      declares.push(variable.text)
      this.#vars.push(variable.text)
      if (!isComma) return { declares, isAssign: next.kind === 'assign' }
      if (context !== 'range' || declares.length >= 2)
        this.#fail(`too many declarations in ${context}`)
      const after = this.#peekPastSpace().kind
      if (after !== 'variable' && after !== 'right' && after !== ')')
        this.#fail('range can only initialize variables')
    }
  }

  #command(): Command {
    const { at } = this.#peekPastSpace()
    const words: Term[] = []
    for (;;) {
      this.#peekPastSpace()
      const operand = this.#operand()
      if (operand) words.push(operand)
      const token = this.#take()
      if (token.kind === 'space') continue
      if (token.kind === 'right' || token.kind === ')') this.#next--
      else if (token.kind !== 'pipe') this.#unexpected(token, 'operand')
      break
    }
    if (words.length === 0) this.#fail('empty command')
    return { kind: 'command', at, words }
  }

  #operand(): Term | undefined {
    const term = this.#term()
    if (!term || this.#peek().kind !== 'field') return term
    const { at } = this.#peek()
    const names: ByteString[] = []
    while (this.#peek().kind === 'field') names.push(this.#take().text.slice(1))
    if (term.kind === 'field' || term.kind === 'variable')
      return { kind: term.kind, at, names: [...term.names, ...names] }
    if (CONSTANT.has(term.kind)) this.#fail(`unexpected . after term ${quote(show(term))}`)
    return { kind: 'chain', at, of: term, names }
  }

  #term(): Term | undefined {
    const token = this.#peekPastSpace()
    const { at, text } = token
    if (!OPERANDS.has(token.kind)) return undefined
    this.#take()
    switch (token.kind) {
      case 'identifier':
        if (!this.#functions.has(text)) this.#fail(`function ${quote(text)} not defined`)
        return { kind: 'function', at, name: text }
      case 'dot':
      case 'nil':
        return { kind: token.kind, at }
      case 'variable': {
        if (!this.#vars.includes(text)) this.#fail(`undefined variable ${quote(text)}`)
        return { kind: 'variable', at, names: [text] }
      }
      case 'field':
        return { kind: 'field', at, names: [text.slice(1)] }
      case 'bool':
        return { kind: 'bool', at, value: text === 'true' }
      case 'rune':
      case 'complex':
      case 'number': {
        const number = numberNode(at, text, token.kind)
        return number.kind === 'bad' ? this.#fail(number.why) : number
      }
      case '(':
        return this.#deeper(() => this.#pipeline('parenthesized pipeline', ')'))
      default:
        return { kind: 'string', at, literal: text, value: this.#unquoted(token) }
    }
  }
}

/**
 * Parses a text, with the templates that it defines.
 * @throws {GoTemplateError} `ERR_GO_TEMPLATE_PARSE`, with Go's message
 */
export const parse = (
  name: ByteString,
  text: ByteString,
  functions: ReadonlySet<string>,
): TemplateSet => new Parser(name, text, functions).parse()
