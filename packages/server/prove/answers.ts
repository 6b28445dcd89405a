import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import { syntaxOf } from '../src/formats/index.ts'
import type { AnswerFormat } from '../src/model/answer-formats.ts'
import { executions, failures } from './rig.ts'

/** What a file of somebody's is, by its name and its first line. */
const formatOf = (path: string, text: string): AnswerFormat | undefined => {
  if (/\.ks(\.in|\.cfg)?$|(^|\/)ks\.cfg$/.test(path)) return 'kickstart'
  if (/preseed[^/]*\.cfg$|\.preseed$/.test(path)) return 'preseed'
  if (/(^|\/)(user|vendor)-data$/.test(path)) return 'cloud-init'
  if (path.endsWith('.ign')) return 'ignition'
  if (/\.xml$/i.test(path)) return 'xml'
  return /^#!\/(usr\/)?bin\/(env )?(ba|da)?sh\b/.test(text) ? 'shell' : undefined
}

/** What the format's own program says of a file; undefined: it is not on this host. */
const toolSays = (format: AnswerFormat, path: string): boolean | undefined => {
  const tools: Readonly<Partial<Record<AnswerFormat, readonly [string, ...string[]]>>> = {
    kickstart: ['ksvalidator', path],
    preseed: ['debconf-set-selections', '-c', path],
    'cloud-init': ['cloud-init', 'schema', '-c', path],
    xml: ['xmllint', '--noout', path],
    shell: ['bash', '-n', path],
  }
  const [program, ...args] = tools[format] ?? []
  if (program === undefined) return undefined
  const { status, error } = spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 })
  return error ? undefined : status === 0
}

const VALUE = { text: "it's $HOME", isData: false }
const WORD = String.raw`'it'\''s $HOME'`

/** Where scripts end that begin in a line of their own: a value after them must be a word again. */
const scriptEnds = (format: AnswerFormat, text: string): readonly string[] => {
  if (format === 'shell') return [text]
  if (format !== 'kickstart') return []
  const ends: string[] = []
  let section = ''
  const lines = text.split('\n')
  for (const [i, line] of lines.entries()) {
    const name = /^%([\w-]+)/.exec(line)?.[1]
    const isShell = /^%(pre|pre-install|post|onerror|traceback)\b(?!.*--interpreter)/.test(section)
    if (name === 'end' && isShell) ends.push(lines.slice(0, i).join('\n'))
    if (name === 'end') section = ''
    else if (name !== undefined && section === '') section = line
  }
  return ends
}

const isWordAfter = (format: AnswerFormat, text: string): boolean => {
  const { fill } = syntaxOf(format)
  const [filled] = fill([`${text}\n`, ''], [VALUE])
  return filled !== undefined && 'text' in filled && filled.text === WORD
}

/** Files that people wrote, of a folder: none that its own program takes is refused, and no script is misread. */
export const answers = (folder: string, say: (line: string) => void): Measurement[] => {
  let files = 0
  let refused = 0
  let scripts = 0
  let misread = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = readFileSync(path)
    const text = bytes.toString('utf8')
    const format = formatOf(path, text)
    // A template of somebody else's, and what is no UTF-8, is none of these formats.
    if (!format || text.includes('\uFFFD') || /\{\{|\{%|<%/.test(text)) continue
    files++
    const [problem] = syntaxOf(format).problems?.(text) ?? []
    if (problem && toolSays(format, path) !== false) {
      refused++
      say(`${path}: ${format}: ${problem.message}`)
    }
    for (const script of scriptEnds(format, text)) {
      scripts++
      if (isWordAfter(format, script)) continue
      misread++
      say(`${path}: what stands open at the end of a script?`)
    }
  }
  return [
    executions('answers of a corpus: files', files, 1),
    failures('refused, and their own program does not', refused),
    executions('answers of a corpus: scripts', scripts, 1),
    failures('scripts that are misread', misread),
  ]
}
