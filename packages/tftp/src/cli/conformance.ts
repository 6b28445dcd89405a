import { defineCommand, portNumber, readPositional, type Command } from '@bootwire-internal/cli'

import { conformance, type Finding } from '../conformance/run.ts'

const MARKS = { pass: 'pass  ', fail: 'FAIL  ', absent: 'absent' } as const
const COLOURS = { pass: 'green', fail: 'red', absent: 'yellow' } as const

/** `bootwire-tftp conformance`: exit code 1 where a check failed. */
export const conformanceCommand: Command = defineCommand({
  summary: 'check a server from outside',
  positionals: 'HOST [PORT]',
  options: {
    file: {
      value: 'NAME',
      summary: 'a file on the server of at least 100 blocks of 512 bytes',
      default: 'conformance.bin',
    },
    only: { value: 'IDS', summary: 'these checks alone, separated by commas' },
    json: { summary: 'findings as JSON' },
  },
  run: async ({ options, positionals: [host, port = '69'], print, printJson, paint }) => {
    const { file, only = '', json } = options
    const findings: Finding[] = []
    const ids = only === '' ? [] : only.split(',')
    for await (const finding of conformance({
      host,
      port: readPositional('PORT', port, portNumber),
      file,
      only: ids,
    })) {
      findings.push(finding)
      if (json) continue
      const { result, id, title, cite } = finding
      const note = finding.note === '' ? '' : ` (${JSON.stringify(finding.note).slice(1, -1)})`
      print(`${paint(COLOURS[result], MARKS[result])} ${id}: ${title}${note} [${cite}]`)
      if (!finding.alive) break
    }
    const count = (result: Finding['result']) =>
      findings.filter((finding) => finding.result === result).length
    if (json) printJson(findings)
    else print(`${count('pass')} passed, ${count('fail')} failed, ${count('absent')} not offered`)
    return count('fail') === 0 ? 0 : 1
  },
})
