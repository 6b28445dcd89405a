import { writeFile } from 'node:fs/promises'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'
import { didYouMean } from '@bootwire-internal/common'

import {
  type Finding,
  findingsToJson,
  lint,
  lintAndFix,
  type LintOptions,
  reportFindings,
} from '../lint/index.ts'
import { RULES } from '../lint/rules/index.ts'
import { type AnyProfile, PROFILES } from '../table/index.ts'
import { unifiedDiff } from './diff.ts'
import { readScript } from './files.ts'

const RULE_IDS: readonly string[] = RULES.map(({ id }) => id)

const readRule = (id: string): string => {
  if (RULE_IDS.includes(id)) return id
  throw new UsageError(`is no rule${didYouMean(id, RULE_IDS)}`)
}

/** The profiles of these names, which are known to exist. */
export const profilesNamed = (names: readonly string[]): readonly AnyProfile[] =>
  names.flatMap((name) => PROFILES.get(name) ?? [])

const count = (findings: readonly Finding[], severity: string): number =>
  findings.filter((finding) => finding.severity === severity).length

const plural = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`

/** `bootwire-ipxe lint`: exit code 1 where there are errors. */
export const lintCommand: Command = defineCommand({
  summary: 'check scripts; - is standard input',
  positionals: 'FILE…',
  options: {
    profile: {
      value: 'NAME',
      summary: 'a build it is for',
      multiple: true,
      choices: [...PROFILES.keys()],
    },
    ignore: { value: 'RULE', summary: 'leave a rule out', multiple: true, read: readRule },
    fix: { summary: 'cure what can be cured; the text of - is printed' },
    diff: { summary: 'with --fix: print what it would change, and change nothing' },
    json: { summary: 'findings as JSON' },
  },
  run: async ({ options, positionals: files, stdin, stdout, stderr, printJson }) => {
    const { fix, diff } = options
    if (diff && !fix) throw new UsageError('--diff goes with --fix')
    if (options.json && fix && (diff || files.includes('-')))
      throw new UsageError('--json prints findings, and --fix would print a text beside them')
    const lintOptions: LintOptions = {
      profiles: profilesNamed(options.profile),
      ignore: options.ignore,
    }
    const all: Finding[] = []
    const json: object[] = []
    for (const file of files) {
      const { text: before, encode } = await readScript(file, stdin)
      const text = fix ? lintAndFix(before, lintOptions) : before
      if (diff) stdout.write(encode(unifiedDiff(file, before, text)))
      else if (fix && file === '-') stdout.write(encode(text))
      else if (text !== before) await writeFile(file, encode(text))
      const findings = lint(text, lintOptions)
      all.push(...findings)
      if (options.json) json.push(...findingsToJson(file, findings))
      // What is printed for another program stays alone on standard output.
      else
        (diff || (fix && file === '-') ? stderr : stdout).write(
          reportFindings(file, text, findings),
        )
    }
    if (options.json) printJson(json)
    else
      stderr.write(
        `${plural(count(all, 'error'), 'error')}, ${plural(count(all, 'warning'), 'warning')} in ${plural(files.length, 'file')}\n`,
      )
    return count(all, 'error') > 0 ? 1 : 0
  },
})
