import { didYouMean } from '@bootwire-internal/common'

import type { CompileContext } from './compile.ts'
import type { Findings } from './issues.ts'
import type { ConfigInput, ProfileInput } from './types.ts'

/** What a profile can boot; one of them at most. */
export const TARGETS = ['kernel', 'script', 'module', 'chain', 'menu', 'local', 'ignore'] as const
export const LINUX_ONLY = ['initrd', 'args', 'console', 'edit'] as const

export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

export const wordsOf = (value: string | readonly string[] | undefined): readonly string[] =>
  listOf(value)
    .map((text) => text.trim())
    .filter((text) => text !== '')

const isTargetKey = (key: string): boolean =>
  [...TARGETS, ...LINUX_ONLY].some((target) => target === key)

/** What profiles have from each other, and which names there are. */
export class Inheritance {
  readonly #profiles: Readonly<Record<string, ProfileInput>>
  readonly #isIncomplete: CompileContext['isIncomplete']
  readonly #findings: Findings
  readonly #merged = new Map<string, ProfileInput>()
  readonly #parents: ReadonlySet<string>
  readonly #partial = new Set<string>()

  constructor(
    { profiles = {} }: ConfigInput,
    isIncomplete: CompileContext['isIncomplete'],
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
  reference(
    profile: string,
    path: readonly (string | number)[],
    extra: readonly string[] = [],
  ): void {
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
  place(name: string, key: keyof ProfileInput, inner?: string): string[] {
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
    const replaced = TARGETS.some((target) => rest[target] !== undefined && target !== 'kernel')
    const inherited = replaced
      ? Object.fromEntries(Object.entries(parent).filter(([key]) => !isTargetKey(key)))
      : parent
    const merged: ProfileInput = {
      ...inherited,
      ...rest,
      ...(rest.args !== undefined && {
        args: [...wordsOf(replaced ? [] : parent.args), ...wordsOf(rest.args)],
      }),
      ...((parent.vars ?? rest.vars) && { vars: { ...parent.vars, ...rest.vars } }),
      ...((parent.answers ?? rest.answers) && { answers: { ...parent.answers, ...rest.answers } }),
    }
    this.#merged.set(name, merged)
    return merged
  }

  /** Where the argument stands that is the `index`th of `total` that a profile has with what it inherits. */
  argumentPlace(name: string, index: number, total: number): (string | number)[] {
    let left = total
    const seen = new Set<string>()
    for (let at = name; !seen.has(at); at = this.ownOf(at).extends ?? name) {
      seen.add(at)
      const { args } = this.ownOf(at)
      const own = wordsOf(args)
      left -= own.length
      if (own.length === 0 || index < left) continue
      const path = ['profiles', at, 'args']
      return typeof args === 'string'
        ? path
        : [
            ...path,
            listOf(args)
              .map((t) => t.trim())
              .indexOf(own[index - left] ?? ''),
          ]
    }
    return ['profiles', name, 'args']
  }
}
