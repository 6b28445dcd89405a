import { parseGoTemplate, StringMap, type Data } from '@bootwire-internal/go-template'

import type { Labels } from './query.ts'
import type { Group } from './records.ts'

/** What is known of who asks. */
export interface Asked {
  readonly labels: Labels
  /** As it was sent. */
  readonly rawQuery: string
}

/** The group's metadata, its selectors by keys in lower case, and the request. */
const variablesOf = (
  { metadata, selector }: Group,
  { labels, rawQuery }: Asked,
): Readonly<Record<string, Data>> =>
  Object.fromEntries<Data>([
    ...Object.entries(metadata),
    ...[...selector].map(([key, value]): [string, Data] => [key.toLowerCase(), value]),
    ['request', { query: new StringMap(labels), raw_query: rawQuery }],
  ])

/**
 * A file rendered for a machine.
 * @throws {GoTemplateError}
 */
export const render = (text: Buffer, group: Group, asked: Asked): Buffer =>
  parseGoTemplate('', text).render(variablesOf(group, asked))

const goNumber = parseGoTemplate('', '{{.n}}')

const linesOf = (prefix: string, data: Readonly<Record<string, Data>>): string[] =>
  Object.entries(data).flatMap(([key, value]): string[] => {
    const name = prefix + key
    if (value instanceof StringMap) return linesOf(`${name}_`, Object.fromEntries(value.entries))
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return [`${name.toUpperCase()}=${value}\n`]
      case 'number':
        return [`${name.toUpperCase()}=${goNumber.render({ n: value }).toString()}\n`]
      default:
        return value === null || isList(value) ? [] : linesOf(`${name}_`, value)
    }
  })

const isList = (value: Data): value is readonly Data[] => Array.isArray(value)

/** `/metadata`: lines of an environment. matchbox gives them in any order, here they keep theirs. */
export const metadataOf = (group: Group, asked: Asked): string =>
  linesOf('', variablesOf(group, asked)).join('')
