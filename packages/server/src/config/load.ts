import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { compile } from './compile.ts'
import { DEFAULT_SOURCE, DEFAULT_YAML } from './defaults.ts'
import { Findings, type ConfigHost, type Finding } from './issues.ts'
import { MAX_CONFIG_BYTES } from './limits.ts'
import type { Plan, PlanRules } from './plan.ts'
import { parseYaml, type YamlSource } from './positions.ts'
import { checkShape, jsonSchema, type SchemaIssue } from './schema.ts'
import { hint } from './suggest.ts'
import type { ConfigIssue } from './types.ts'

export type Loaded =
  | ({ readonly ok: true; readonly plan: Plan } & PlanRules)
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false })

const hostFor = (folder: string): ConfigHost => ({
  resolve: (path) => resolve(folder, path),
  readText: (path) => readFileSync(path, 'utf8'),
  isFile: (path) => statOf(path)?.isFile() ?? false,
  isFolder: (path) => statOf(path)?.isDirectory() ?? false,
  version: (path) => `${statOf(path)?.mtimeMs ?? 0}`,
  env: process.env,
})

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

/** Names that the JSON Schema allows in the object at `path`: the guess needs them. */
const allowedAt = (path: readonly (string | number)[]): string[] => {
  let nodes: SchemaNode[] = [jsonSchema()]
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

const seenAt = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(stepInto, value)

const describeSeen = (seen: unknown): string => {
  if (seen === undefined) return 'nothing'
  const text = JSON.stringify(seen) ?? typeof seen
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

const fromShape = (issue: SchemaIssue, value: unknown): Finding[] => {
  const { path, code, message, keys } = issue
  if (keys) {
    const allowed = allowedAt(path)
    return keys.map((key) => ({
      code: 'unknown-key',
      path,
      key,
      message: `unknown key "${key}"${hint(key, allowed)}`,
    }))
  }
  const where = path.length > 0 ? path.join('.') : 'the file'
  const said = message.replace(/^Invalid input: /, '').replace(/^expected/, 'must be')
  return [{ code, path, message: `${where}: saw ${describeSeen(seenAt(value, path))}; ${said}` }]
}

const placed = (finding: Finding, yaml: YamlSource, file: string): ConfigIssue => {
  const { key, ...rest } = finding
  return { ...rest, file, ...yaml.locate(finding.path, key) }
}

/** `squid` belongs to another package, which is loaded only where the key is there. */
const checkSquid = async (squid: unknown, findings: Findings): Promise<void> => {
  const { validate } = await import('@bootwire/squid-rules')
  for (const { path, message } of validate(squid))
    findings.add('squid', ['squid', ...path], message)
}

/** Reads a configuration text; `file` gives the folder that its paths are relative to. Every finding comes at once. */
export const loadText = async (
  text: string,
  file: string,
  host: ConfigHost = hostFor(dirname(resolve(file))),
): Promise<Loaded> => {
  const yaml = parseYaml(text)
  if (yaml.issues.length > 0)
    return { ok: false, issues: yaml.issues.map((issue) => ({ ...issue, file })) }
  const value = yaml.value ?? {}
  const shape = checkShape(value)
  if ('issues' in shape) {
    const findings = shape.issues.flatMap((issue) => fromShape(issue, value))
    return { ok: false, issues: findings.map((finding) => placed(finding, yaml, file)) }
  }
  const findings = new Findings()
  const result = compile(shape.config, file, text, host, findings)
  if (shape.config.squid !== undefined) await checkSquid(shape.config.squid, findings)
  if (findings.all.length > 0)
    return { ok: false, issues: findings.all.map((f) => placed(f, yaml, file)) }
  return { ok: true, ...result }
}

/** Reads a configuration file, or the embedded default when none is named. */
export const loadFile = async (file: string | undefined): Promise<Loaded> => {
  if (file === undefined) return loadText(DEFAULT_YAML, DEFAULT_SOURCE, hostFor(process.cwd()))
  try {
    const { size } = statSync(file)
    if (size > MAX_CONFIG_BYTES)
      throw new Error(`it has ${size} bytes; at most ${MAX_CONFIG_BYTES} are allowed`)
    return await loadText(readFileSync(file, 'utf8'), file)
  } catch (error) {
    const message = `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`
    return { ok: false, issues: [{ code: 'no-file', message, path: [], file }] }
  }
}
