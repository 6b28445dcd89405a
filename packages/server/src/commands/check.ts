import { formatIssue } from '../config/format.ts'
import { loadFile } from '../load/load.ts'
import { loadModules } from '../load/modules.ts'
import { ServerError } from '../model/errors.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { readArguments } from './usage.ts'

export const CHECK_USAGE = `bootwire check FILE

Reports every error with file, line and column, and exits 2; or says what the file holds, and exits 0.
`

/** `bootwire check FILE` */
export const check = async (
  args: readonly string[],
  features: readonly FeatureRow[],
): Promise<number> => {
  const { positionals } = readArguments(args, {})
  const [file, more] = positionals
  if (file === undefined || more !== undefined)
    throw new ServerError('ERR_SERVER_USAGE', 'check takes one file: bootwire check boot.yaml')
  const loaded = await loadFile(file, { features })
  if (!loaded.ok) {
    process.stderr.write(`${loaded.issues.map(formatIssue).join('\n')}\n`)
    return 2
  }
  await loadModules(loaded.plan)
  const { plan, machines, rules } = loaded
  const groups = rules.filter(({ kind }) => kind === 'group').length
  process.stdout.write(
    `${file} is valid: ${Object.keys(plan.profiles).length} profiles, ${machines.length} machines, ${groups} groups\n`,
  )
  const { after } = plan.unknown
  if (rules.length === 0 && (after === 'local' || after === 'retry'))
    process.stdout.write(
      'it boots nothing: no machine, no group and no unknown.after names a profile; bootwire init FILE writes an example\n',
    )
  return 0
}
