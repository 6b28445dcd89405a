import { didYouMean } from '@bootwire-internal/common'
import { z } from 'zod'

import type { Finding } from '../model/issues.ts'
import { Gaps, markGap, Pruned } from './gaps.ts'
import type { ConfigInput } from './schema.ts'
import { checkShape, jsonSchema, type FeatureSchemas, type SchemaIssue } from './schema.ts'

type Path = readonly (string | number)[]

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

/** Names that the JSON Schema allows in the object at `path`: the guess needs them. */
const allowedAt = (path: Path, features: FeatureSchemas): string[] => {
  let nodes: SchemaNode[] = [jsonSchema(features)]
  for (const step of path) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .map((node) =>
        typeof step === 'number'
          ? node.items
          : (node.properties?.[step] ?? node.additionalProperties),
      )
      .filter((node) => typeof node === 'object')
  }
  return nodes
    .flatMap((node) => [node, ...(node.anyOf ?? [])])
    .flatMap((node) => Object.keys(node.properties ?? {}))
}

const stepInto = (node: unknown, step: string | number): unknown =>
  typeof node === 'object' && node !== null ? Reflect.get(node, step) : undefined

const describeSeen = (seen: unknown): string => {
  if (seen === undefined) return 'nothing'
  // JSON knows no infinity, which YAML reads in a hardware address such as 5254e0123456.
  if (typeof seen === 'number') return String(seen)
  const text = JSON.stringify(seen) ?? typeof seen
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** YAML takes a hardware address of digits alone for a number, and may lose some of them. */
const quotingHint = (path: Path, seen: unknown): string =>
  path[path.length - (typeof path.at(-1) === 'number' ? 2 : 1)] === 'mac' &&
  [seen].flat().some((each) => typeof each === 'number')
    ? '; put it in quotes, as it stands YAML reads a number'
    : ''

/** Keys that there were, and what to write now. */
const MOVED: Readonly<Record<string, string>> = {
  'server.http.admin':
    'status and explanations are no longer on this port: commands on this host use a socket, others server.admin.listen with server.admin.tokens',
}

/** YAML's own ways to share parts, which are not read here. */
const sharingHint = (key: string): string | undefined =>
  key === '<<' || key.startsWith('x-')
    ? '; merge keys and extensions are not read: profiles share parts by `extends`, machines by groups and `vars`'
    : undefined

/** An issue of the schema, with what was seen and what is allowed. */
export const findingsOf = (
  issue: SchemaIssue,
  value: unknown,
  features: FeatureSchemas,
): Finding[] => {
  const { path, code, message, keys } = issue
  if (keys) {
    const allowed = allowedAt(path, features)
    return keys.map((key) => {
      const moved = MOVED[[...path, key].join('.')]
      return {
        code: 'unknown-key',
        path,
        key,
        message: `unknown key "${key}"${moved === undefined ? (sharingHint(key) ?? didYouMean(key, allowed)) : `; ${moved}`}`,
      }
    })
  }
  if (code === 'invalid_key') {
    const key = String(path.at(-1))
    return [{ code, path: path.slice(0, -1), key, message: `the name "${key}" ${message}` }]
  }
  const where = path.length > 0 ? path.join('.') : 'the file'
  const found = path.reduce<unknown>(stepInto, value)
  const said = message
    .replace(/^Invalid input: /, '')
    .replace(/^expected/, 'must be')
    .replace(/\b(object|record)\b/, 'a map of keys and values')
    .replace(/\barray\b/, 'a list')
    .replace(/, received .*$/, '')
  return [
    {
      code,
      path,
      message: `${where}: saw ${describeSeen(found)}; ${said}${quotingHint(path, found)}`,
    },
  ]
}

const isWithin = (path: Path, outer: Path): boolean => outer.every((step, i) => step === path[i])

/** That something is missing is no news where it is only misspelt or misshapen. */
const isNews = (issue: SchemaIssue, issues: readonly SchemaIssue[]): boolean =>
  issue.code !== 'custom' ||
  !issues.some((other) => other.code !== 'custom' && isWithin(other.path, issue.path))

/** A profile's name where it stands in the file. */
interface Reference {
  readonly profile: string
  readonly path: Path
}

/** The profiles that machines and groups name which had to be left out as a whole. */
const lostReferences = (value: unknown, gaps: Gaps): Reference[] =>
  ['machines', 'groups'].flatMap((section) => {
    const entries = stepInto(value, section)
    if (typeof entries !== 'object' || entries === null || gaps.size === 0) return []
    return Object.entries(entries).flatMap(([key, entry]): Reference[] => {
      const path = [section, Array.isArray(entries) ? Number(key) : key]
      const profile = stepInto(entry, 'profile')
      if (!gaps.dropped(path) || typeof profile !== 'string' || profile === '') return []
      return [{ profile, path: [...path, 'profile'] }]
    })
  })

/** What of a file has the right shape. */
export interface Shaped {
  readonly config: ConfigInput
  readonly findings: readonly Finding[]
  /** True where something at, in or around this path of `config` was left out: nothing may be called missing there. */
  readonly isIncomplete: (path: Path) => boolean
  readonly lost: readonly Reference[]
  /** A path in `config` as it is in the file. */
  readonly original: (path: Path) => (string | number)[]
}

/**
 * Checks the shape of a configuration, and leaves out what is wrong, so that the rest can be looked at all the same:
 * a person wants to correct a file once.
 */
export const shapeOf = (value: unknown, keys: readonly string[]): Shaped => {
  const features = Object.fromEntries(keys.map((key) => [key, z.unknown()]))
  const gaps = new Gaps()
  let findings: readonly Finding[] | undefined
  for (;;) {
    const pruned = new Pruned(value, gaps)
    const original = (path: Path) => pruned.original(path)
    const isIncomplete = (path: Path) => gaps.touch(original(path))
    const checked = checkShape(pruned.value, keys)
    if ('config' in checked) {
      const lost = lostReferences(value, gaps)
      return { config: checked.config, findings: findings ?? [], lost, isIncomplete, original }
    }
    // Later rounds only find what the gaps of earlier ones made.
    const { issues } = checked
    findings ??= issues
      .filter((issue) => isNews(issue, issues))
      .flatMap((issue) => findingsOf(issue, value, features))
    const progress = issues.map((issue) => markGap(issue, pruned, gaps)).includes(true)
    if (!progress) {
      gaps.add([])
      return { config: {}, findings, lost: [], isIncomplete, original }
    }
  }
}
