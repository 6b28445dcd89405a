import type { IpxeScriptErrorCode, Position } from '../errors.ts'

/** A stretch of a script's source: `start` up to, not including, `end`, with the position of `start`. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly line: number
  readonly column: number
}

/** One token. Its text is what iPXE sees, so a continuation inside it is gone; its span still covers it. */
export interface Word extends Span {
  readonly text: string
}

export type OperatorText = '||' | '&&' | ';'

export interface Operator extends Word {
  readonly text: OperatorText
}

/** The words of one command, and the operator that ends it. No words at all do nothing, successfully. */
export interface Segment {
  readonly words: readonly Word[]
  readonly operator?: Operator
}

/** What a line says: an optional label, commands, and a comment that reaches to the end of the line. */
export interface LineContent {
  /** The label without its colon; `''` is a label too. Its span starts at the colon. */
  readonly label?: Word
  readonly segments: readonly Segment[]
  /** From `#` to the end of the line. */
  readonly comment?: Word
}

/** One logical line: physical lines that end in `\` are joined to the next. */
export interface Line extends LineContent {
  /** Number of its first physical line, from 1. */
  readonly number: number
  readonly start: number
  /** End of the source, after the line ending. */
  readonly end: number
  /** What iPXE sees: continuations joined, carriage returns stripped, cut at a NUL. */
  readonly text: string
  /** Every byte of the line as written, with its continuations and its line ending. */
  readonly source: string
  /** True where the file ends after a `\`: iPXE does not run this line, and fails. */
  readonly dangling?: true
}

/** A defect that the parser found. The script is still parsed whole. */
export interface SyntaxProblem extends Span {
  readonly code: IpxeScriptErrorCode
  readonly message: string
}

export interface Script {
  readonly text: string
  readonly lines: readonly Line[]
  readonly errors: readonly SyntaxProblem[]
}

export type { Position }
