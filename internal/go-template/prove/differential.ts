import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { GoTemplateError, parseGoTemplate, StringMap } from '../src/index.ts'
import { Templates, type Case } from './templates.ts'

/** What came of a template: its bytes as base64, or the error's. */
export interface Outcome {
  readonly stage: string
  readonly output: string
  readonly error: string
}

const QUERY = { mac: '52:54:00:12:34:56', os: 'installed' }

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')

export const ours = ({ text, data }: Case): Outcome => {
  let stage = 'parse'
  try {
    const template = parseGoTemplate('t', text)
    stage = 'run'
    const request = { query: new StringMap(new Map(Object.entries(QUERY))), raw_query: 'a=b' }
    const output = template.render({ ...data, request })
    return { stage: '', output: base64(output), error: '' }
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error
    return { stage, output: '', error: base64(error.message) }
  }
}

interface GoAnswer {
  readonly output: string | null
  readonly stage: string
  readonly error: string | null
}

/** Go's own answers. */
export const gos = (cases: readonly Case[]): readonly Outcome[] => {
  const input = cases
    .map(({ text, data }) => JSON.stringify({ text: base64(text), data, query: QUERY }))
    .join('\n')
  const program = fileURLToPath(new URL('oracle/main.go', import.meta.url))
  const { stdout, stderr, status } = spawnSync('go', ['run', program], {
    input,
    maxBuffer: 2 ** 31 - 1,
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '-mod=mod', GO111MODULE: 'off' },
  })
  if (status !== 0) throw new Error(`go run: ${stderr}`)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { stage, output, error }: GoAnswer = JSON.parse(line)
      return { stage, output: output ?? '', error: error ?? '' }
    })
}

/** An address that %p prints says nothing, and how deep templates may call one another is our own bound. */
const comparable = (base: string): string =>
  Buffer.from(base, 'base64')
    .toString('latin1')
    .replaceAll(/(?:0x)?(?:c0[0-9a-f]{8}|[5-7][0-9a-f]{5})/gi, 'ADDRESS')
    .replace(/maximum template depth \(\d+\)$/, 'maximum template depth')

export interface Difference {
  readonly asked: Case
  readonly ours: Outcome
  readonly gos: Outcome
}

export const differences = (
  seed: number,
  count: number,
): { readonly found: readonly Difference[]; readonly rendered: number } => {
  const templates = new Templates(seed)
  const cases = Array.from({ length: count }, () => templates.next())
  const answers = gos(cases)
  const found: Difference[] = []
  let rendered = 0
  for (const [i, asked] of cases.entries()) {
    const [mine, go] = [ours(asked), answers[i]]
    if (!go) throw new Error(`Go gave ${answers.length} answers to ${count} templates`)
    if (go.stage === '') rendered++
    const isSame =
      mine.stage === go.stage &&
      comparable(mine.output) === comparable(go.output) &&
      comparable(mine.error) === comparable(go.error)
    if (!isSame) found.push({ asked, ours: mine, gos: go })
  }
  return { found, rendered }
}
