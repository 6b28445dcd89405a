import type { Rule } from './rule.ts'
import { RULES } from './rules/index.ts'

/** The example as a file. */
export const exampleOf = (rule: Rule, which: 'bad' | 'good'): string => {
  const example = rule[which]
  return rule.id === 'magic' ? example : `#!ipxe\n${example}`
}

const shown = (example: string): string =>
  example
    .replaceAll('\0', '<NUL>')
    .replaceAll(/(?:x ){20,}/g, (words) => `x … ${words.length / 2} times … `)
    .trimEnd()

const block = (example: string): string => `\`\`\`text\n${shown(example)}\n\`\`\`\n`

/** The documentation of one rule: `docs/lint/ID.md`. */
export const rulePage = (rule: Rule): string => `# ${rule.id}

**${rule.summary}** (${rule.severity}${rule.fixes ? ', can be fixed' : ''}).

${rule.why}

Wrong${rule.profile === undefined ? '' : ` for \`--profile ${rule.profile}\``}:

${block(exampleOf(rule, 'bad'))}
Right:

${block(exampleOf(rule, 'good'))}`

/** The list of all rules: `docs/lint/index.md`. */
export const ruleIndex = (): string => `# Rules of the linter

${RULES.length} rules. A comment \`# lint-ignore ID\` switches one off for its own line, or alone on a line, for the next.

${RULES.map((rule) => `- [${rule.id}](${rule.id}.md): ${rule.summary} (${rule.severity}${rule.fixes ? ', fixable' : ''})`).join('\n')}
`
