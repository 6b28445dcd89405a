import { caret } from '../syntax/index.ts'
import type { Finding } from './lint.ts'

/** Findings for people: place, message and rule, and the line with carets. */
export const reportFindings = (file: string, text: string, findings: readonly Finding[]): string =>
  findings
    .map((finding) => {
      const { line, column, severity, message, rule } = finding
      const shown = caret(text, finding).replaceAll(/^/gm, '    ')
      return `${file}:${line}:${column}: ${severity}: ${message} (${rule})\n${shown}\n`
    })
    .join('')

/** Findings for programs. */
export const findingsToJson = (file: string, findings: readonly Finding[]): readonly object[] =>
  findings.map((finding) => ({ file, ...finding }))
