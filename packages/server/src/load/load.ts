import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

import { compile } from '../config/compile.ts'
import { DEFAULT_SOURCE, DEFAULT_YAML } from '../config/defaults.ts'
import { formatIssue } from '../config/format.ts'
import { parseYaml, type YamlSource } from '../config/positions.ts'
import { shapeOf } from '../config/shape.ts'
import { configurationOf, type Configuration } from '../decide/configuration.ts'
import { defaultDataFolder } from '../host/data.ts'
import { messageOf, ServerError } from '../model/errors.ts'
import { Findings, inOrder, type ConfigHost, type Finding } from '../model/issues.ts'
import type { ConfigIssue } from '../model/issues.ts'
import { MAX_CONFIG_BYTES } from '../model/limits.ts'
import type { Plan, PlanRules, ServerOverrides } from '../model/plan.ts'
import { kindOf } from '../profiles/index.ts'
import type { Inheritance } from '../profiles/inheritance.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { featureKeys } from '../seam/registry.ts'
import { DryRun } from './dry-run.ts'
import { checkFeatures } from './features.ts'
import { loadModule, loadModules } from './modules.ts'
import { readTextFile } from './read-text.ts'
import { noteShadows } from './shadows.ts'

/** What loading needs besides the file. */
export interface LoadOptions {
  /** What the command line says. */
  readonly overrides?: ServerOverrides
  /** The features that there are. Default: none. */
  readonly features?: readonly FeatureRow[]
}

export type Loaded =
  | ({
      readonly ok: true
      readonly plan: Plan
      /** What works, and not for every machine. */
      readonly notes: readonly ConfigIssue[]
    } & PlanRules)
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false })

/** Of what is not there yet, that of the folder that it will be in. */
const realPathOf = (path: string): string => {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realPathOf(parent), basename(path))
  }
}

const hostFor = (folder: string): ConfigHost => ({
  resolve: (path) => resolve(folder, path),
  readText: (path) => readTextFile(path),
  isFile: (path) => statOf(path)?.isFile() ?? false,
  isFolder: (path) => statOf(path)?.isDirectory() ?? false,
  realPath: realPathOf,
  version: (path) => `${statOf(path)?.mtimeMs ?? 0}`,
  env: process.env,
  dataFolder: defaultDataFolder(),
})

const placed = (finding: Finding, yaml: YamlSource, file: string): ConfigIssue => {
  const { key, at, ...rest } = finding
  return { ...rest, ...(at ?? { file, ...yaml.locate(finding.path, key) }) }
}

/** The user's modules are loaded here first, away from the thread that serves. */
const checkModules = async (
  { profiles }: Plan,
  inheritance: Inheritance,
  findings: Findings,
): Promise<void> => {
  for (const { name, target } of Object.values(profiles)) {
    const module = kindOf(target).module?.(target)
    // A file that there is not has no version, and has been reported.
    if (!module || module.version === '') continue
    const { file, version } = module
    try {
      // oxlint-disable-next-line no-await-in-loop -- modules may depend on each other's effects, in the file's order
      await loadModule(file, version)
    } catch (error) {
      // Only the stack tells the line of a syntax error.
      const stack = error instanceof Error ? (error.stack ?? '') : ''
      const line = /\?version=[\d.]+:(\d+)/.exec(stack)?.[1]
      const at = { file, line: Number(line ?? 1), column: 1 }
      findings.add(
        'module',
        inheritance.place(name, kindOf(target).key),
        `cannot use it as a module: ${messageOf(error)}`,
        at,
      )
    }
  }
}

/** What holds entries: with all of them commented out it is null to YAML, and empty to whoever wrote that. */
const SECTIONS = new Set('server ipxe secrets vars profiles machines groups unknown'.split(' '))

const withoutEmpty = (value: unknown): unknown =>
  isObject(value) && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value).filter(([key, section]) => section !== null || !SECTIONS.has(key)),
      )
    : value

/** Reads a configuration text; `file` gives the folder that its paths are relative to. Every finding comes at once. */
export const loadText = async (
  text: string,
  file: string,
  options: LoadOptions = {},
  host: ConfigHost = hostFor(dirname(resolve(file))),
): Promise<Loaded> => {
  const { overrides = {}, features = [] } = options
  const yaml = parseYaml(text)
  if (yaml.issues.length > 0)
    return { ok: false, issues: yaml.issues.map((issue) => ({ ...issue, file })) }
  const shaped = shapeOf(withoutEmpty(yaml.value ?? {}), featureKeys(features))
  const { config, isIncomplete, original } = shaped
  const findings = new Findings()
  const { inheritance, ...compiled } = compile(
    config,
    { source: file, text, host, isIncomplete, overrides, featureKeys: featureKeys(features) },
    findings,
  )
  const given = await checkFeatures(
    features,
    compiled.plan.features,
    compiled.plan.server.admin,
    host,
    findings,
  )
  const result = { ...compiled, plan: { ...compiled.plan, given } }
  const notes = new Findings()
  new DryRun(result.plan, inheritance, isIncomplete([]), findings, notes).run(result)
  noteShadows(result.plan, host, notes)
  await checkModules(result.plan, inheritance, findings)
  const lost = shaped.lost.flatMap(({ profile, path }) => {
    const message = inheritance.missing(profile, ['local'])
    return message === undefined ? [] : [{ code: 'unknown-profile', path, message }]
  })
  const all = [
    ...shaped.findings,
    ...lost,
    ...findings.all.map((finding) => ({ ...finding, path: original(finding.path) })),
  ]
  const ordered = (found: readonly Finding[]): ConfigIssue[] =>
    inOrder(
      found.map((each) => placed(each, yaml, file)),
      file,
    )
  return all.length === 0
    ? { ok: true, ...result, notes: ordered(notes.all) }
    : { ok: false, issues: ordered(all) }
}

/** Reads a configuration file, or the embedded default when none is named. */
export const loadFile = async (
  file: string | undefined,
  options: LoadOptions = {},
): Promise<Loaded> => {
  if (file === undefined)
    return loadText(DEFAULT_YAML, DEFAULT_SOURCE, options, hostFor(process.cwd()))
  const refuse = (message: string): Loaded => ({
    ok: false,
    issues: [{ code: 'no-file', message, path: [], file }],
  })
  try {
    return await loadText(readTextFile(file, MAX_CONFIG_BYTES), file, options)
  } catch (error) {
    const code = isObject(error) ? error['code'] : undefined
    if (code === 'ENOENT') return refuse(`there is no such file; bootwire init ${file} writes one`)
    if (code === 'EACCES') return refuse('this user may not read it; correct its rights')
    return refuse(code === undefined ? messageOf(error) : `it cannot be read: ${messageOf(error)}`)
  }
}

/** Makes what was loaded ready for decisions: rules indexed, the user's modules loaded. */
export const activate = async (
  loaded: Extract<Loaded, { readonly ok: true }>,
): Promise<Configuration> => configurationOf(loaded.plan, loaded, await loadModules(loaded.plan))

/**
 * Reads a configuration file and makes it ready for decisions.
 * @throws {ServerError} `ERR_SERVER_CONFIG` with every finding, `ERR_SERVER_MODULE`
 */
export const openConfigurationFile = async (
  file: string | undefined,
  options: LoadOptions = {},
): Promise<Configuration> => {
  const loaded = await loadFile(file, options)
  if (!loaded.ok)
    throw new ServerError('ERR_SERVER_CONFIG', loaded.issues.map(formatIssue).join('\n'))
  return activate(loaded)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
