import { didYouMean } from '@bootwire-internal/common'

import type { Findings, IsIncomplete, Path } from '../model/issues.ts'
import { listOf, wordsOf } from './fields.ts'
import { PROFILE_KINDS } from './kinds.ts'
import type { ProfileInput } from './schema.ts'

type Texts = string | readonly string[] | undefined

/** Keys that say what a profile boots. */
const isTargetKey = (key: string): boolean =>
  PROFILE_KINDS.some(({ fields }) => Object.hasOwn(fields, key))

/** A kind of one key takes the place of what was inherited; one of several keys may add to it. */
const replaces = (own: ProfileInput): boolean =>
  PROFILE_KINDS.some(
    ({ key, fields }) => own[key] !== undefined && Object.keys(fields).length === 1,
  )

const APPENDED: readonly string[] = PROFILE_KINDS.flatMap(({ appends = [] }) => appends)

const isText = (value: unknown): value is string => typeof value === 'string'

/** The value of a key that holds a text or several. */
const textsAt = (profile: ProfileInput, key: string): Texts => {
  const value = profile[key]
  if (isText(value)) return value
  return Array.isArray(value) ? value.filter(isText) : undefined
}

/** What profiles have from each other, and which names there are. */
export class Inheritance {
  readonly #profiles: Readonly<Record<string, ProfileInput>>
  readonly #isIncomplete: IsIncomplete
  readonly #findings: Findings
  readonly #merged = new Map<string, ProfileInput>()
  readonly #parents: ReadonlySet<string>
  readonly #partial = new Set<string>()

  constructor(
    profiles: Readonly<Record<string, ProfileInput>>,
    isIncomplete: IsIncomplete,
    findings: Findings,
  ) {
    this.#profiles = profiles
    this.#isIncomplete = isIncomplete
    this.#findings = findings
    this.#parents = new Set(Object.values(profiles).flatMap(({ extends: parent }) => parent ?? []))
  }

  get names(): string[] {
    return Object.keys(this.#profiles)
  }

  /** Lacks what could not be read or inherited: nothing may be called missing in it. */
  isPartial(name: string): boolean {
    return this.#partial.has(name)
  }

  isParent(name: string): boolean {
    return this.#parents.has(name)
  }

  /** A profile with everything it inherits. */
  merged(name: string): ProfileInput {
    return this.#merge(name, [])
  }

  /** Checks a reference to a profile; `extra` are words that are allowed too. */
  reference(profile: string, path: Path, extra: readonly string[] = []): void {
    const message = this.missing(profile, extra)
    if (message !== undefined) this.#findings.add('unknown-profile', path, message)
  }

  /** What to say of a name that is no profile's. */
  missing(profile: string, extra: readonly string[]): string | undefined {
    if (Object.hasOwn(this.#profiles, profile) || extra.includes(profile)) return undefined
    if (this.#isIncomplete(['profiles', profile])) return undefined
    const names = [...extra, ...Object.keys(this.#profiles)]
    return `there is no profile "${profile}"${didYouMean(profile, names)}`
  }

  /** What a profile says itself. */
  ownOf(name: string): ProfileInput {
    return (Object.hasOwn(this.#profiles, name) ? this.#profiles[name] : undefined) ?? {}
  }

  /** Where `name` has `key` from: its own place, or that of the profile it inherits it from. */
  place(name: string, key: string, inner?: string): string[] {
    const seen = new Set<string>()
    for (let at = name; !seen.has(at); at = this.ownOf(at).extends ?? name) {
      seen.add(at)
      const value: unknown = this.ownOf(at)[key]
      const has =
        inner === undefined
          ? value !== undefined
          : typeof value === 'object' && value !== null && Object.hasOwn(value, inner)
      if (has) return ['profiles', at, key]
    }
    return ['profiles', name]
  }

  #merge(name: string, below: readonly string[]): ProfileInput {
    const known = this.#merged.get(name)
    if (known) return known
    if (this.#isIncomplete(['profiles', name])) this.#partial.add(name)
    const { extends: parentName, ...rest } = this.ownOf(name)
    if (parentName === undefined) return rest
    const path = ['profiles', name, 'extends']
    const chain = [...below, name]
    if (chain.includes(parentName)) {
      const loop = chain.slice(chain.indexOf(parentName))
      const why =
        loop.length === 1
          ? `profile "${name}" extends itself`
          : `profile "${name}" extends itself by way of ${loop.slice(0, -1).join(', ')}`
      this.#findings.add('extends-loop', path, `${why}; remove one \`extends\``)
      for (const each of loop) this.#partial.add(each)
      return rest
    }
    this.reference(parentName, path)
    const parent = this.#merge(parentName, chain)
    if (!Object.hasOwn(this.#profiles, parentName) || this.#partial.has(parentName))
      this.#partial.add(name)
    const replaced = replaces(rest)
    const inherited = replaced
      ? Object.fromEntries(Object.entries(parent).filter(([key]) => !isTargetKey(key)))
      : parent
    const appended = APPENDED.filter((key) => rest[key] !== undefined).map((key) => [
      key,
      [...wordsOf(textsAt(inherited, key)), ...wordsOf(textsAt(rest, key))],
    ])
    const merged: ProfileInput = {
      ...inherited,
      ...rest,
      ...Object.fromEntries(appended),
      ...((parent.vars ?? rest.vars) && { vars: { ...parent.vars, ...rest.vars } }),
      ...((parent.answers ?? rest.answers) && { answers: { ...parent.answers, ...rest.answers } }),
    }
    this.#merged.set(name, merged)
    return merged
  }

  /** Where the item stands that is the `index`th of `total` that a profile has in an appended list. */
  itemPlace(name: string, key: string, index: number, total: number): (string | number)[] {
    let left = total
    const seen = new Set<string>()
    for (let at = name; !seen.has(at); at = this.ownOf(at).extends ?? name) {
      seen.add(at)
      const given = textsAt(this.ownOf(at), key)
      const own = wordsOf(given)
      left -= own.length
      if (own.length === 0 || index < left) continue
      const path = ['profiles', at, key]
      if (typeof given === 'string') return path
      const texts = listOf(given).map((text) => text.trim())
      return [...path, texts.indexOf(own[index - left] ?? '')]
    }
    return ['profiles', name, key]
  }
}
