import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
} from 'yaml'

import { messageOf } from '../model/errors.ts'
import type { ConfigIssue } from '../model/issues.ts'
import { yamlWords } from '../model/yaml-words.ts'

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

const NO_TEXT = 'this is no text; is it the right file?'

interface Fault {
  readonly offset: number
  readonly message: string
}

/** What the library does not say with a place, or only after comparing every key with every other. */
const faultsIn = (document: Document): Fault[] => {
  const faults: Fault[] = []
  const anchors = new Set<string>()
  visit(document, {
    Node: (_key, node) => {
      if ('anchor' in node && node.anchor !== undefined) anchors.add(node.anchor)
    },
    Alias: (_key, node, path) => {
      if (
        path.some((outer) => isNode(outer) && 'anchor' in outer && outer.anchor === node.source)
      ) {
        const message = `*${node.source} stands inside its own anchor`
        faults.push({ offset: startOf(node) ?? 0, message })
        return
      }
      if (anchors.has(node.source)) return
      const message = `there is no anchor "&${node.source}" before this`
      faults.push({ offset: startOf(node) ?? 0, message })
    },
    Map: (_key, map) => {
      if (map.anchor !== undefined) anchors.add(map.anchor)
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        const offset = startOf(key) ?? 0
        if (!isScalar(key) && !isAlias(key))
          faults.push({ offset, message: yamlWords('NON_STRING_KEY', '') })
        else if (isScalar(key) && seen.has(String(key.value)))
          faults.push({ offset, message: yamlWords('DUPLICATE_KEY', '') })
        else if (isScalar(key)) seen.add(String(key.value))
      }
    },
  })
  return faults
}

/** Reads YAML 1.2 with its core schema: `no` and `52:54:00:12:34:56` stay texts. */
export const parseYaml = (text: string): YamlSource => {
  const lineCounter = new LineCounter()
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const issueOf = ({ offset, message }: Fault): ConfigIssue => ({
    code: 'yaml',
    message,
    path: [],
    ...at(offset),
  })
  if (/[\0\uFFFD]/.test(text)) {
    const issue = { code: 'yaml', message: NO_TEXT, path: [], line: 1, column: 1 }
    return { value: undefined, issues: [issue], locate: () => ({ line: 1, column: 1 }) }
  }
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false })
  const all = [...document.errors, ...document.warnings]
  // Where it gave up, it also misses every bracket that is open.
  const end = all.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  const broken = (end ? [end] : all).map(({ code, message, pos }) =>
    issueOf({ offset: pos[0], message: yamlWords(code, message) }),
  )
  const issues = broken.length > 0 ? broken : faultsIn(document).map(issueOf)
  const locate = (path: readonly (string | number)[], key?: string) =>
    at(nodeOffset(document, path, key))
  if (issues.length > 0) return { value: undefined, issues, locate }
  try {
    return { value: document.toJS({ maxAliasCount: 1000 }), issues, locate }
  } catch (error) {
    // An alias inside its own anchor, or aliases that would fill the memory.
    const issue = { code: 'yaml', message: messageOf(error), path: [], line: 1, column: 1 }
    return { value: undefined, issues: [issue], locate }
  }
}
