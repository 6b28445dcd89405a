import { rememberedOf } from '../boot/machines.ts'
import { harmless } from '../log/harmless.ts'
import type { Explanation } from './explain.ts'

const indent = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `      | ${harmless(line)}`)
    .join('\n')

/** An explanation for people. */
export const showExplanation = ({ machine, record, steps, rules }: Explanation): string => {
  const lines = ['machine']
  for (const [fact, value] of Object.entries(machine))
    lines.push(`  ${fact.padEnd(14)} ${harmless(value)}`)
  const { machine: id, ...remembered } = record ? rememberedOf(record) : {}
  if (id !== undefined) lines.push(`  record         ${id}`)
  for (const [what, value] of Object.entries(remembered))
    lines.push(`  ${what.padEnd(14)} ${harmless(value)}`)
  for (const [i, { stage, asks, outcome, reasons, text }] of steps.entries()) {
    lines.push('', `${i + 1}. ${stage}: ${asks}`, `   -> ${harmless(outcome)}`)
    for (const { rule, matched, why } of reasons)
      lines.push(`      ${matched ? 'yes' : 'no '} ${rule}: ${harmless(why)}`)
    if (text !== undefined) lines.push(indent(text))
  }
  lines.push('', 'machines and groups, most specific first')
  if (rules.length === 0) lines.push('  none')
  for (const { kind, rule, outcome, why } of rules)
    lines.push(`  ${outcome.padEnd(10)} ${kind} "${rule}": ${harmless(why)}`)
  return `${lines.join('\n')}\n`
}
