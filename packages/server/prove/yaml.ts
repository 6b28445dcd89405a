import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import { loadText } from '../src/load/load.ts'
import type { Random } from './random.ts'
import { executions, failures } from './rig.ts'

const LOADS = 10_000
const EXAMPLES = fileURLToPath(new URL('../../../examples/boot-configurations', import.meta.url))

const TOKENS = [
  '\t',
  '  ',
  '\n',
  ':',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: *a',
  '!!binary ',
  '|',
  '>',
  '#',
  '~',
  'null',
  'true',
  '0',
  '-1',
  '1e999',
  '52:54:00:00:00:01',
  '{{ x }}',
  '{% if %}',
  '{{',
  '${ip}',
  'extends: ',
  'kernel: 3',
  '__proto__: {}',
  'constructor',
  '\0',
  '\u2028',
  'ü',
  '../../etc/passwd',
  'http://h/',
  '---\n',
  '...\n',
  '%YAML 9.9\n',
]

const mutate = (text: string, random: Random): string => {
  const at = random.below(text.length + 1)
  const length = random.below(12)
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + random.pick(TOKENS) + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + length)
    case 2: {
      const lines = text.split('\n')
      return [...lines, random.pick(lines)].join('\n')
    }
    case 3:
      return random.shuffled(text.split('\n')).join('\n')
    case 4: {
      const lines = text.split('\n')
      const line = random.below(lines.length)
      return lines.map((each, i) => (i === line ? ` ${each}` : each)).join('\n')
    }
    default: {
      const word = random.pick(text.split(/\W+/).filter(Boolean)) ?? ''
      return text.replace(word, random.pick(TOKENS))
    }
  }
}

/** Mutations of the examples: loading never throws, and every error of a file has its line and column. */
export const yaml = async (random: Random, say: (line: string) => void): Promise<Measurement[]> => {
  const files = readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => `${EXAMPLES}/${name}/bootwire.yaml`)
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
  let wrong = 0
  let refused = 0
  for (let i = 0; i < LOADS; i++) {
    const file = random.pick(files)
    let text = texts.get(file) ?? ''
    for (let n = random.below(4); n >= 0; n--) text = mutate(text, random)
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const loaded = await loadText(text, file)
      if (loaded.ok) continue
      refused++
      const lines = text.split(/\r\n|\r|\n/).length + 1
      const placed = loaded.issues.every(
        (issue) =>
          (issue.line ?? 0) >= 1 &&
          (issue.column ?? 0) >= 1 &&
          issue.message !== '' &&
          (issue.file !== file || (issue.line ?? 0) <= lines),
      )
      if (placed && loaded.issues.length > 0) continue
      throw new Error(`an error without a place: ${JSON.stringify(loaded.issues)}`)
    } catch (error) {
      if (++wrong <= 5) say(`${String(error)}\n${JSON.stringify(text)}`)
    }
  }
  say(`${refused} of ${LOADS} mutations were refused`)
  return [
    executions('mutated configurations', LOADS, 10_000),
    failures('mutated configurations', wrong),
  ]
}
