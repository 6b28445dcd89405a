import { parse } from 'yaml'

import { shell } from './shell.ts'
import type { Syntax, TextProblem } from './syntax.ts'
import { yaml, yamlProblems } from './yaml.ts'

/** First lines by which cloud-init knows what else user data can be; blanks before them and case do not count. */
const OTHER_KINDS =
  /^\s*(#include(-once)?|#cloud-boothook|#part-handler|#cloud-config-jsonp|Content-Type:|MIME-Version:|## template: *jinja)/i

const HEADER = /^\s*#cloud-config/i

/** Keys of meta-data and network-config, which have no first line of their own. */
const WITHOUT_HEADER = [
  'instance-id',
  'local-hostname',
  'public-keys',
  'network',
  'version',
  'config',
  'ethernets',
]

const isScript = (text: string): boolean => text.trimStart().startsWith('#!')

const lacksHeader = (text: string): boolean => {
  if (HEADER.test(text)) return false
  const parsed: unknown = parse(text)
  if (typeof parsed !== 'object' || parsed === null) return parsed !== null
  return !Object.keys(parsed).some((key) => WITHOUT_HEADER.includes(key))
}

const problems = (text: string): TextProblem[] => {
  if (isScript(text) || OTHER_KINDS.test(text)) return []
  const broken = yamlProblems(text, false)
  if (broken.length > 0) return broken
  const message = 'its first line must be "#cloud-config"; cloud-init ignores it otherwise'
  return lacksHeader(text) ? [{ message, offset: 0 }] : []
}

/** What cloud-init fetches: YAML under `#cloud-config`, a script, or one of its other kinds. */
export const cloudInit: Syntax = {
  fill: (texts, values) => (isScript(texts[0] ?? '') ? shell : yaml).fill(texts, values),
  problems,
}
