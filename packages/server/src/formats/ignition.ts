import { json, jsonProblem } from './json.ts'
import type { Syntax, TextProblem } from './syntax.ts'

/** What a configuration may hold, section by section, since which version (coreos/ignition, docs/configuration-v3_*.md). */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  '': ['ignition', 'passwd', 'storage', 'systemd'],
  ignition: ['version', 'config', 'timeouts', 'security'],
  passwd: ['users', 'groups'],
  storage: ['disks', 'raid', 'filesystems', 'files', 'directories', 'links'],
  systemd: ['units'],
}

interface Addition {
  readonly section: string
  readonly name: string
  readonly since: number
}

const ADDED: readonly Addition[] = [
  { section: 'ignition', name: 'proxy', since: 1 },
  { section: 'storage', name: 'luks', since: 2 },
  { section: '', name: 'kernelArguments', since: 3 },
]

/** What the configurations of version 2 have besides (coreos/ignition, branch spec2x, docs/configuration-v2_*.md). */
const ADDED_IN_2: readonly Addition[] = [
  { section: '', name: 'networkd', since: 0 },
  { section: 'ignition', name: 'proxy', since: 4 },
]

/** The newest versions whose fields are known here, by major version. */
const NEWEST_MINOR: Readonly<Record<string, number>> = { 2: 4, 3: 6 }

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const namesOf = (section: string, major: number, minor: number): string[] => {
  const added = major === 2 ? ADDED_IN_2 : ADDED
  return [
    ...(SECTIONS[section] ?? []),
    ...added
      .filter((each) => each.section === section && each.since <= minor)
      .map(({ name }) => name),
  ]
}

/** The version; a sentence where there is none; undefined where it is newer than what is known here. */
const versionOf = (
  config: Readonly<Record<string, unknown>>,
): readonly [number, number] | string | undefined => {
  const { ignition } = config
  const version = isMap(ignition) ? ignition['version'] : undefined
  if (typeof version !== 'string') return '"ignition": { "version": "3.4.0" } is missing'
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+(?:-experimental)?$/.exec(version) ?? []
  if (major === undefined || Number(major) < 2)
    return `saw the version ${JSON.stringify(version)}; Ignition's are 2.0.0 and newer`
  if (Number(minor) > (NEWEST_MINOR[major] ?? -1)) return undefined
  return [Number(major), Number(minor)]
}

const problemsOf = (text: string): TextProblem[] => {
  const parsed: unknown = JSON.parse(text)
  if (!isMap(parsed)) return [{ message: 'it must be a map: { "ignition": … }', offset: 0 }]
  const version = versionOf(parsed)
  const at = (name: string) => Math.max(0, text.indexOf(JSON.stringify(name)))
  if (typeof version === 'string') return [{ message: version, offset: at('version') }]
  if (version === undefined) return []
  return Object.keys(SECTIONS).flatMap((section) => {
    const holder = section === '' ? parsed : parsed[section]
    if (!isMap(holder)) return []
    const known = namesOf(section, ...version)
    return Object.keys(holder)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        message: `"${section === '' ? '' : `${section}.`}${name}" is not known in version ${version.join('.')}.0; known there: ${known.join(', ')}`,
        offset: at(name),
      }))
  })
}

/** Ignition's configuration: JSON with fields that its version knows; Ignition itself refuses a wrong one at boot. */
export const ignition: Syntax = {
  fill: json.fill,
  problems: (text) => {
    const broken = jsonProblem(text)
    return broken ? [broken] : problemsOf(text)
  },
}
