import { templateValues } from '../boot/template-values.ts'
import { readQuery } from '../decide/query.ts'
import type { AnswerFormat } from '../model/answer-formats.ts'
import { messageOf } from '../model/errors.ts'
import type { Findings, Path } from '../model/issues.ts'
import { MAX_DRY_RUNS } from '../model/limits.ts'
import type { Plan, PlanRules, Profile, Vars } from '../model/plan.ts'
import type { Rule } from '../model/rule.ts'
import { assetUrl, type ServerAddress } from '../model/server-address.ts'
import { addTemplateProblem } from '../profiles/files.ts'
import { choicesOf, kindOf } from '../profiles/index.ts'
import type { Inheritance } from '../profiles/inheritance.ts'
import { templateProblems, type TemplateProblem } from '../templates/problems.ts'
import { isTemplate, renderTemplate } from '../templates/template.ts'
import { relativeNames } from './relative-names.ts'

/** A machine that a profile is rendered for, to see whether it can be. */
interface Case {
  readonly vars: Vars
  /** Name of its entry under `machines`; undefined where it may have none. */
  readonly name: string | undefined
  readonly tags: readonly string[]
  /** Who has these values, for people. */
  readonly who: string
}

interface Text {
  readonly text: string
  readonly format: AnswerFormat
  readonly path: Path
  readonly file?: string
}

/** What iPXE tells of an ordinary machine. */
const QUERY = {
  mac: '52:54:00:12:34:56',
  uuid: '4c4c4544-0042-3510-8054-b4c04f4a5331',
  serial: 'B5JS1',
  asset: 'A-1001',
  product: 'R640',
  manufacturer: 'Dell',
  hostname: 'host-1',
  buildarch: 'x86_64',
  platform: 'efi',
  final: '1',
}

/** Labels that a template asks for: whoever chains to the script adds them, so any may come. */
const labelsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/query(?:\.([\w-]+)|\[['"]([\w.-]+)['"]\])/g)].map((found) => [
      found[1] ?? found[2] ?? '',
      'label',
    ]),
  )

/** What SMBIOS or DHCP may leave out: a board without a serial number is not rare. */
const OPTIONAL: ReadonlySet<string> = new Set(
  'serial asset product manufacturer hostname'.split(' '),
)
const OPTIONAL_NAME = new RegExp(`\\b(?:${[...OPTIONAL].join('|')})\\b`)

/** A name with a dot in it is written in brackets. */
const hinted = (problem: TemplateProblem, { answers }: Profile): TemplateProblem => {
  const begin = /^answer\.(.+)$/.exec(problem.undefinedName ?? '')?.[1]
  if (begin === undefined) return problem
  const name = Object.keys(answers).find((each) => each.startsWith(`${begin}.`))
  if (name === undefined) return problem
  return { ...problem, message: `${problem.message}; write {{ answer['${name}'] }}` }
}

/** What a gap of the configuration may have defined. */
const CONFIGURED = /^(vars|secret|answer|report|name|tags)\b/

/** Renders every template as an ordinary machine would have it: what cannot work is found now and not at night. */
export class DryRun {
  readonly #plan: Plan
  readonly #inheritance: Inheritance
  readonly #isIncomplete: boolean
  readonly #findings: Findings
  readonly #notes: Findings
  readonly #cases = new Map<string, Map<string, Case>>()
  readonly #told = new Set<string>()

  /** @param notes - what does not stop the configuration from being used */
  constructor(
    plan: Plan,
    inheritance: Inheritance,
    isIncomplete: boolean,
    findings: Findings,
    notes: Findings,
  ) {
    this.#notes = notes
    this.#plan = plan
    this.#inheritance = inheritance
    this.#isIncomplete = isIncomplete
    this.#findings = findings
  }

  run({ machines, rules }: PlanRules): void {
    const anyName = machines[0]?.name
    for (const { kind, name, profile = 'local', vars = {}, tags = [] } of rules) {
      const who = `${kind} "${name}"`
      this.#addCase(profile, { vars, tags, who, name: kind === 'machine' ? name : anyName })
    }
    const unknown = { vars: {}, name: anyName, tags: [], who: 'an unknown machine' }
    this.#addCase(this.#plan.unknown.after, unknown)
    for (const profile of Object.values(this.#plan.profiles)) {
      this.#noteRelativeNames(profile)
      const cases = this.#cases.get(profile.name)?.values() ?? [this.#anyMachine(machines, rules)]
      for (const each of cases) this.#check(profile, each)
    }
  }

  /** Adds a case to a profile and to all that can come of it: what its menu offers, what follows an installation. */
  #addCase(name: string, added: Case, seen: ReadonlySet<string> = new Set()): void {
    const { profiles } = this.#plan
    const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
    if (!profile || seen.has(name)) return
    const key = JSON.stringify([added.vars, added.name === undefined])
    let cases = this.#cases.get(name)
    if (!cases) this.#cases.set(name, (cases = new Map()))
    if (!cases.has(key) && cases.size < MAX_DRY_RUNS) cases.set(key, added)
    const after = new Set([...seen, name])
    for (const choice of choicesOf(profile)) this.#addCase(choice, added, after)
    if (profile.once) this.#addCase(profile.once.after, added, after)
  }

  /** For a profile that nothing leads to but `bootwire next` or `extends`: with every value that there is anywhere. */
  #anyMachine(machines: readonly Rule[], rules: readonly Rule[]): Case {
    const all = [...Object.values(this.#plan.profiles), ...machines, ...rules]
    const vars: Vars = Object.assign({}, ...all.map((each) => each.vars ?? {}))
    return { vars, name: 'host-1', tags: [], who: 'any machine' }
  }

  #check(profile: Profile, given: Case): void {
    const whose = `profile "${profile.name}" for ${given.who}`
    let works = true
    for (const { text, format, path, file } of this.#textsOf(profile)) {
      if (!isTemplate(text)) continue
      // What does not even parse has been reported.
      if (templateProblems(text, format).length > 0) {
        works = false
        continue
      }
      const values = this.#valuesFor(profile, given, text)
      for (const problem of templateProblems(text, format, values)) {
        works = false
        this.#report(hinted(problem, profile), path, file, whose)
      }
      this.#noteGaps(values, { text, format, path, ...(file !== undefined && { file }) })
    }
    if (works) this.#checkScript(profile, given, whose)
  }

  /** Notes what a script of the user's own asks for beside itself, where there is nothing. */
  #noteRelativeNames({ name, target }: Profile): void {
    const [source] = kindOf(target).templates?.(target) ?? []
    if (source?.key !== 'script') return
    for (const { name: file, ...at } of relativeNames(source.text)) {
      const message = `"${file}" is asked for beside /script, where there is nothing; write {{ server.assets }}/…, or let \`chain:\` name this script below the assets`
      const path = this.#inheritance.place(name, 'script')
      addTemplateProblem(this.#notes, { ...at, message }, path, source.file)
    }
  }

  /** Notes the facts that a template needs and not every machine has. */
  #noteGaps(values: Readonly<Record<string, unknown>>, { text, format, path, file }: Text): void {
    if (!OPTIONAL_NAME.test(text)) return
    const rest = Object.fromEntries(Object.entries(values).filter(([key]) => !OPTIONAL.has(key)))
    for (const problem of templateProblems(text, format, rest)) {
      const { undefinedName: name } = problem
      if (name === undefined || !OPTIONAL.has(name)) continue
      const message = `not every machine has a ${name}, and one without it gets nothing here; write {{ ${name} | default: "none" }}`
      addTemplateProblem(this.#notes, { ...problem, message }, path, file)
    }
  }

  #report(problem: TemplateProblem, path: Path, file: string | undefined, whose: string): void {
    const { undefinedName, message, line, column } = problem
    if (undefinedName !== undefined && this.#isIncomplete && CONFIGURED.test(undefinedName)) return
    // One template may serve many: its problem is told once, with the first of them.
    const key = JSON.stringify([file ?? path, line, column, message])
    if (this.#told.has(key)) return
    this.#told.add(key)
    const said = `${message} (${whose})`
    addTemplateProblem(this.#findings, { ...problem, message: said }, path, file)
  }

  /** iPXE has rules of its own for what an argument may be. */
  #checkScript(profile: Profile, given: Case, whose: string): void {
    const { name, target } = profile
    const kind = kindOf(target)
    const { triedBy } = kind
    if (triedBy === undefined) return
    const server = this.#server
    try {
      void kind.script(target, {
        name,
        values: {},
        architecture: undefined,
        waitSeconds: 0,
        modules: new Map(),
        render: (text, format) =>
          renderTemplate(text, this.#valuesFor(profile, given, text), format, name),
        assetUrl: (file) => assetUrl(server, file),
        choiceUrl: (choice) => `${server.base}/script?choose=${choice}`,
        titleOf: (choice) => choice,
        noteOf: () => '',
      })
    } catch (error) {
      const problem = { message: messageOf(error), line: 1, column: 1 }
      this.#report(problem, this.#inheritance.place(name, triedBy), undefined, whose)
    }
  }

  get #server(): ServerAddress {
    const { address = '192.0.2.1', http } = this.#plan.server
    return { address, base: `http://${address}:${http.port}` }
  }

  #valuesFor(profile: Profile, given: Case, text: string): Record<string, unknown> {
    const server = this.#server
    return templateValues({
      given: this.#plan.given,
      facts: readQuery({ ...labelsIn(text), ...QUERY }, '192.0.2.100').facts,
      server,
      profile: profile.name,
      answers: Object.keys(profile.answers),
      vars: { ...this.#plan.vars, ...profile.vars, ...given.vars },
      secrets: this.#plan.secrets,
      name: given.name,
      tags: given.tags,
      ...(profile.once && { report: `${server.base}/report/${'x'.repeat(32)}` }),
    })
  }

  /** Every text of a profile that may be a template: its answers, and what its kind says. */
  #textsOf({ name, target, answers }: Profile): Text[] {
    const inheritance = this.#inheritance
    const ofAnswers = Object.entries(answers).map(([answer, { text, format, file }]): Text => {
      const path = [...inheritance.place(name, 'answers', answer), answer, 'text']
      return { text, format, path, ...(file !== undefined && { file }) }
    })
    const ofKind = (kindOf(target).templates?.(target) ?? []).map(
      ({ text, format, key, item, file }): Text => {
        const path = item
          ? inheritance.itemPlace(name, key, item.index, item.of)
          : inheritance.place(name, key)
        return { text, format, path, ...(file !== undefined && { file }) }
      },
    )
    return [...ofAnswers, ...ofKind]
  }
}
