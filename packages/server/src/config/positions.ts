import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'

import type { ConfigIssue } from './types.ts'

/** A parsed YAML file that knows where its values stand. */
export interface YamlSource {
  readonly value: unknown
  readonly issues: readonly ConfigIssue[]
  /** Line and column of the value at `path`, or of `key` in the map there; of the nearest parent otherwise. */
  locate(path: readonly (string | number)[], key?: string): { line: number; column: number }
}

const nodeOffset = (
  document: Document,
  path: readonly (string | number)[],
  key?: string,
): number => {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(step),
      )
      if (!pair) return offset
      offset = startOf(pair.value) ?? startOf(pair.key) ?? offset
      // A key without a value stands where the key stands.
      if (isScalar(pair.value) && pair.value.value === null) offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = startOf(node) ?? offset
    } else {
      return offset
    }
  }
  if (key === undefined || !isMap(node)) return offset
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
  return (isPair(pair) ? startOf(pair.key) : undefined) ?? offset
}

const startOf = (node: unknown): number | undefined => {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  const { range } = node
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined
}

/** Reads YAML 1.2 with its core schema: `no` and `52:54:00:12:34:56` stay texts. */
export const parseYaml = (text: string): YamlSource => {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset)
    return { line, column: col }
  }
  const issues = [...document.errors, ...document.warnings].map((error) => ({
    code: 'yaml',
    message: error.message.split('\n')[0] ?? error.code,
    path: [],
    ...at(error.pos[0]),
  }))
  return {
    value: issues.length > 0 ? undefined : document.toJS({ maxAliasCount: 1000 }),
    issues,
    locate: (path, key) => at(nodeOffset(document, path, key)),
  }
}
