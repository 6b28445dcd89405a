import { parse } from 'yaml'

import { shell } from './shell.ts'
import type { Syntax, TextProblem } from './syntax.ts'
import { yaml, yamlProblems } from './yaml.ts'

/** First lines by which cloud-init knows what else user data can be (cloud-init, "User data formats"). */
const OTHER_KINDS =
  /^(#include(-once)?|#cloud-boothook|#part-handler|#cloud-config-jsonp|Content-Type:|MIME-Version:|## template: *jinja)/i

const HEADERS = ['#cloud-config', '#cloud-config-archive']

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

const isScript = (text: string): boolean => text.startsWith('#!')

const lacksHeader = (text: string): boolean => {
  const [first = ''] = text.split('\n')
  if (HEADERS.includes(first.trim())) return false
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
