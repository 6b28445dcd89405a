import { writeFile } from 'node:fs/promises'

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
import { readScript } from './files.ts'
import { type Io, UsageError } from './io.ts'

const RULE_IDS: readonly string[] = RULES.map(({ id }) => id)

/** The profiles of these names. */
export const profilesNamed = (names: readonly string[]): readonly AnyProfile[] =>
  names.map((name) => {
    const profile = PROFILES.get(name)
    if (!profile)
      throw new UsageError(`profile ${name} is not one of ${[...PROFILES.keys()].join(', ')}`)
    return profile
  })

const count = (findings: readonly Finding[], severity: string): number =>
  findings.filter((finding) => finding.severity === severity).length

const plural = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`

/** `lint FILE… [--profile NAME] [--ignore RULE] [--json] [--fix]`: exit code 1 where there are errors. */
export const lintCommand = async (
  files: readonly string[],
  options: {
    readonly profile: readonly string[]
    readonly ignore: readonly string[]
    readonly json: boolean
    readonly fix: boolean
  },
  io: Io,
): Promise<number> => {
  if (files.length === 0) throw new UsageError('lint has no file and takes one or more')
  const unknown = options.ignore.find((id) => !RULE_IDS.includes(id))
  if (unknown !== undefined)
    throw new UsageError(`--ignore ${unknown} is no rule; there are: ${RULE_IDS.join(', ')}`)
  const lintOptions: LintOptions = {
    profiles: profilesNamed(options.profile),
    ignore: options.ignore,
  }
  const all: Finding[] = []
  const json: object[] = []
  for (const file of files) {
    let text = await readScript(file, io)
    if (options.fix && file !== '-') {
      const fixed = lintAndFix(text, lintOptions)
      if (fixed !== text) await writeFile(file, fixed)
      text = fixed
    }
    const findings = lint(text, lintOptions)
    all.push(...findings)
    if (options.json) json.push(...findingsToJson(file, findings))
    else io.out(reportFindings(file, text, findings))
  }
  if (options.json) io.out(`${JSON.stringify(json, null, 2)}\n`)
  else
    io.err(
      `${plural(count(all, 'error'), 'error')}, ${plural(count(all, 'warning'), 'warning')} in ${plural(files.length, 'file')}\n`,
    )
  return count(all, 'error') > 0 ? 1 : 0
}
