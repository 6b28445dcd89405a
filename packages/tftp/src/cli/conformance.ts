import { conformance, type ConformanceOptions, type Finding } from '../conformance/run.ts'
import type { Streams } from './transfer.ts'

const MARKS = { pass: 'pass  ', fail: 'FAIL  ', absent: 'absent' } as const

/** `conformance HOST [PORT]`; answers whether nothing failed. */
export const runConformance = async (
  { stdout }: Pick<Streams, 'stdout'>,
  options: ConformanceOptions,
  json: boolean,
): Promise<boolean> => {
  const findings: Finding[] = []
  for await (const finding of conformance(options)) {
    findings.push(finding)
    if (json) continue
    const note = finding.note === '' ? '' : ` (${JSON.stringify(finding.note).slice(1, -1)})`
    stdout.write(
      `${MARKS[finding.result]} ${finding.id}: ${finding.title}${note} [${finding.cite}]\n`,
    )
    if (!finding.alive) break
  }
  const count = (result: Finding['result']) =>
    findings.filter((finding) => finding.result === result).length
  if (json) stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
  else
    stdout.write(
      `${count('pass')} passed, ${count('fail')} failed, ${count('absent')} not offered\n`,
    )
  return count('fail') === 0
}
