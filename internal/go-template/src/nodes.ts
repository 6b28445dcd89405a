import type { ByteString } from './bytes.ts'
import { quote } from './quote.ts'

interface At {
  /** Place in the text, in bytes. */
  readonly at: number
}

export interface NumberNode extends At {
  readonly kind: 'number'
  readonly text: ByteString
  /** Whole and within 64 bits with a sign. */
  readonly int?: bigint
  /** Whole and within 64 bits without a sign. */
  readonly isUint: boolean
  readonly float?: number
  readonly complex?: { readonly re: number; readonly im: number }
}

export interface Pipe extends At {
  readonly kind: 'pipe'
  readonly isAssign: boolean
  readonly declares: readonly ByteString[]
  readonly commands: readonly Command[]
}

export interface Command extends At {
  readonly kind: 'command'
  readonly words: readonly Term[]
}

export type Term =
  | NumberNode
  | Pipe
  | ({ readonly kind: 'dot' | 'nil' } & At)
  | ({ readonly kind: 'bool'; readonly value: boolean } & At)
  | ({ readonly kind: 'string'; readonly literal: ByteString; readonly value: ByteString } & At)
  | ({ readonly kind: 'field'; readonly names: readonly ByteString[] } & At)
  | ({ readonly kind: 'variable'; readonly names: readonly ByteString[] } & At)
  | ({ readonly kind: 'function'; readonly name: ByteString } & At)
  | ({ readonly kind: 'chain'; readonly of: Term; readonly names: readonly ByteString[] } & At)

export interface Branch extends At {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipe: Pipe
  readonly list: readonly Part[]
  readonly otherwise?: readonly Part[]
}

export type Part =
  | Branch
  | ({ readonly kind: 'text'; readonly text: ByteString } & At)
  | ({ readonly kind: 'action'; readonly pipe: Pipe } & At)
  | ({ readonly kind: 'break' | 'continue' } & At)
  | ({ readonly kind: 'template'; readonly name: ByteString; readonly pipe?: Pipe } & At)

/** What an error may point at. */
export type AnyPart = Part | Term | Command

const dotted = (names: readonly ByteString[]): ByteString =>
  names.map((name) => `.${name}`).join('')

const inParentheses = (term: Term): ByteString =>
  term.kind === 'pipe' ? `(${show(term)})` : show(term)

const showList = (nodes: readonly Part[]): ByteString => nodes.map(show).join('')

/** A node as Go prints it in errors. */
export const show = (node: AnyPart): ByteString => {
  switch (node.kind) {
    case 'text':
    case 'number':
      return node.kind === 'text' ? quote(node.text) : node.text
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'bool':
      return String(node.value)
    case 'string':
      return node.literal
    case 'field':
      return dotted(node.names)
    case 'variable':
      return node.names.join('.')
    case 'function':
      return node.name
    case 'chain':
      return inParentheses(node.of) + dotted(node.names)
    case 'command':
      return node.words.map(inParentheses).join(' ')
    case 'pipe': {
      const declares = node.declares.length > 0 ? `${node.declares.join(', ')} := ` : ''
      return declares + node.commands.map(show).join(' | ')
    }
    case 'action':
      return `{{${show(node.pipe)}}}`
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe ? ` ${show(node.pipe)}` : ''}}}`
    default: {
      const otherwise = node.otherwise ? `{{else}}${showList(node.otherwise)}` : ''
      return `{{${node.kind} ${show(node.pipe)}}}${showList(node.list)}${otherwise}{{end}}`
    }
  }
}
