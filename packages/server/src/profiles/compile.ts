import { formatOf } from '../model/answer-formats.ts'
import type { ConfigHost, Findings } from '../model/issues.ts'
import type { Answer, BootProgram, Profile, Target } from '../model/plan.ts'
import { ConfigFiles, type AssetsFolder } from './files.ts'
import type { Inheritance } from './inheritance.ts'
import type { KindTools, ProfileKind } from './kind.ts'
import { PROFILE_KINDS, PROGRAM_KINDS } from './kinds.ts'
import type { ProfileInput } from './schema.ts'

/** Reads what profiles name, everything inherited, and checks that it fits together. */
export class ProfileCompiler {
  readonly #files: ConfigFiles
  readonly #findings: Findings
  readonly #inheritance: Inheritance

  constructor(
    inheritance: Inheritance,
    assets: AssetsFolder,
    host: ConfigHost,
    findings: Findings,
  ) {
    this.#inheritance = inheritance
    this.#files = new ConfigFiles(assets, host, findings)
    this.#findings = findings
  }

  /** Files whose change is a change of the configuration. */
  get files(): readonly string[] {
    return this.#files.read
  }

  compile(): Record<string, Profile> {
    const { names } = this.#inheritance
    return Object.fromEntries(names.map((name) => [name, this.#profile(name)]))
  }

  #profile(name: string): Profile {
    const given = this.#inheritance.merged(name)
    const { description, vars, once } = given
    const programs = this.#programs(name, given)
    const kind = this.#kind(name, given)
    const [program] = Object.values(programs)
    const hasProgram = program !== undefined
    if (program && once !== undefined && once !== false) {
      const why = `profile "${name}" has once and ${program.key}: ${program.title} never fetches a script, so it cannot be told when it is installed; leave one of them out`
      this.#findings.add('once-program', this.#inheritance.place(name, 'once'), why)
    }
    const target = this.#target(name, given, kind, hasProgram)
    return {
      name,
      ...(description !== undefined && { description }),
      target,
      ...(kind?.ignoresDhcp && { ignoresDhcp: true }),
      programs,
      answers: this.#answers(name, given),
      ...this.#once(name, once),
      vars: vars ?? {},
    }
  }

  #programs(name: string, given: ProfileInput): Record<string, BootProgram> {
    return Object.fromEntries(
      PROGRAM_KINDS.flatMap(({ key, firmware, compile }) => {
        const file = given[key]
        if (typeof file !== 'string') return []
        this.#files.asset(file, this.#inheritance.place(name, key))
        return [[firmware, compile(file)]]
      }),
    )
  }

  #once(name: string, once: ProfileInput['once']): Pick<Profile, 'once'> {
    if (once === undefined || once === false) return {}
    const given: Exclude<ProfileInput['once'], boolean | undefined> = once === true ? {} : once
    const { after = 'local', done = 'report', id, retries = 0 } = given
    this.#inheritance.reference(
      after,
      [...this.#inheritance.place(name, 'once'), 'after'],
      ['local'],
    )
    return { once: { after, done, retries, ...(id !== undefined && { id }) } }
  }

  /** The kind that a profile's keys select. */
  #kind(name: string, given: ProfileInput): ProfileKind | undefined {
    const [kind, second, ...more] = PROFILE_KINDS.filter(({ key }) => given[key] !== undefined)
    if (kind && second) {
      const keys = [kind, second, ...more].map(({ key }) => key)
      this.#findings.add(
        'two-targets',
        this.#inheritance.place(name, second.key),
        `profile "${name}" has ${keys.join(' and ')}; it can boot only one of them`,
      )
    }
    return kind
  }

  #target(
    name: string,
    given: ProfileInput,
    kind: ProfileKind | undefined,
    hasProgram: boolean,
  ): Target {
    const isPartial = this.#inheritance.isPartial(name)
    // A profile that others extend may hold no more than what they have in common.
    const isWhole = !isPartial && (kind !== undefined || !this.#inheritance.isParent(name))
    if (isWhole) this.#checkStrays(name, given, kind)
    if (kind) return kind.compile(given, this.#toolsFor(name, !isPartial))
    if (isWhole && !hasProgram) {
      const keys = [...PROFILE_KINDS, ...PROGRAM_KINDS].map(({ key }) => key)
      const why = `profile "${name}" boots nothing; give it one of ${keys.join(', ')}`
      this.#findings.add('no-target', ['profiles', name], why)
    }
    return { kind: 'none' }
  }

  /** A key that belongs to a kind which this profile is not of. */
  #checkStrays(name: string, given: ProfileInput, kind: ProfileKind | undefined): void {
    for (const other of PROFILE_KINDS) {
      if (other === kind) continue
      const { key, fields } = other
      const stray = Object.keys(fields).find((each) => each !== key && given[each] !== undefined)
      if (stray === undefined) continue
      const why = `profile "${name}" has ${stray}, which needs a ${key}`
      this.#findings.add(`without-${key}`, this.#inheritance.place(name, stray), why)
    }
  }

  #toolsFor(name: string, isWhole: boolean): KindTools<ProfileInput> {
    return {
      name,
      isWhole,
      files: this.#files,
      own: this.#inheritance.ownOf(name),
      place: (key) => this.#inheritance.place(name, key),
      reference: (profile, path) => this.#inheritance.reference(profile, path, ['local']),
      report: (code, path, message) => this.#findings.add(code, path, message),
    }
  }

  #answers(name: string, { answers }: ProfileInput): Record<string, Answer> {
    return Object.fromEntries(
      Object.entries(answers ?? {}).map(([key, input]): [string, Answer] => {
        const format = formatOf(key, input)
        const path = [...this.#inheritance.place(name, 'answers', key), key]
        if (input.template !== undefined) {
          const found = this.#files.template(input.template, format, [...path, 'template'])
          return [key, { format, ...found }]
        }
        const text = input.text ?? ''
        this.#files.parses(text, format, [...path, 'text'])
        return [key, { format, text }]
      }),
    )
  }
}
