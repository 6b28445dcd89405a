import { linuxScript } from '../boot/ipxe-scripts.ts'
import { templateValues } from '../boot/template-values.ts'
import { addTemplateProblem } from '../config/files.ts'
import type { Inheritance } from '../config/inheritance.ts'
import type { Findings } from '../config/issues.ts'
import { MAX_REHEARSALS } from '../config/limits.ts'
import { readQuery } from '../decide/query.ts'
import { messageOf } from '../model/errors.ts'
import type { Plan, PlanRules, Profile } from '../model/plan.ts'
import type { Rule } from '../model/rule.ts'
import type { AnswerFormat, Vars } from '../model/types.ts'
import { templateProblems, type TemplateProblem } from '../templates/problems.ts'
import { isTemplate, renderTemplate } from '../templates/template.ts'

type Path = readonly (string | number)[]

/** A machine that a profile is rendered for, to see whether it can be. */
interface Part {
  readonly vars: Vars
  /** Name of its entry under `machines`; undefined where it may have none. */
  readonly name: string | undefined
  readonly tags: readonly string[]
  /** Who has these values, for people. */
  readonly who: string
}

interface Piece {
  readonly text: string
  readonly format: AnswerFormat
  readonly path: Path
  readonly file?: string
}

const MAC = '52:54:00:12:34:56'

/** What iPXE tells of an ordinary machine. */
const QUERY = {
  mac: MAC,
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

/** What a gap of the configuration may have defined. */
const CONFIGURED = /^(vars|secret|answer|report|name|tags)\b/

/** Renders every template as an ordinary machine would have it: what cannot work is found now and not at night. */
export class Rehearsal {
  readonly #plan: Plan
  readonly #inheritance: Inheritance
  readonly #isIncomplete: boolean
  readonly #findings: Findings
  readonly #parts = new Map<string, Map<string, Part>>()
  readonly #told = new Set<string>()

  constructor(plan: Plan, inheritance: Inheritance, isIncomplete: boolean, findings: Findings) {
    this.#plan = plan
    this.#inheritance = inheritance
    this.#isIncomplete = isIncomplete
    this.#findings = findings
  }

  run({ machines, rules }: PlanRules): void {
    const anyName = machines[0]?.name
    for (const rule of rules) this.#cast(rule, anyName)
    const stranger = { vars: {}, name: anyName, tags: [], who: 'an unknown machine' }
    this.#give(this.#plan.unknown.after, stranger)
    for (const profile of Object.values(this.#plan.profiles)) {
      const parts = this.#parts.get(profile.name)?.values() ?? [this.#anybody(machines, rules)]
      for (const part of parts) this.#play(profile, part)
    }
  }

  #cast({ kind, name, profile, vars = {}, tags = [] }: Rule, anyName: string | undefined): void {
    const who = `${kind} "${name}"`
    this.#give(profile ?? 'local', {
      vars,
      tags,
      who,
      name: kind === 'machine' ? name : anyName,
    })
  }

  /** Gives a part in a profile and in all that can come of it: what its menu offers, what follows an installation. */
  #give(profile: string, part: Part, seen: ReadonlySet<string> = new Set()): void {
    const found = Object.hasOwn(this.#plan.profiles, profile)
      ? this.#plan.profiles[profile]
      : undefined
    if (!found || seen.has(profile)) return
    const key = JSON.stringify([part.vars, part.name === undefined])
    let parts = this.#parts.get(profile)
    if (!parts) this.#parts.set(profile, (parts = new Map()))
    if (!parts.has(key) && parts.size < MAX_REHEARSALS) parts.set(key, part)
    const after = new Set([...seen, profile])
    if (found.target.kind === 'menu')
      for (const item of found.target.items) this.#give(item.profile, part, after)
    if (found.once) this.#give(found.once.after, part, after)
  }

  /** For a profile that nothing leads to but `bootwire next` or `extends`: with every value that there is anywhere. */
  #anybody(machines: readonly Rule[], rules: readonly Rule[]): Part {
    const all = [...Object.values(this.#plan.profiles), ...machines, ...rules]
    const vars: Vars = Object.assign({}, ...all.map((each) => each.vars ?? {}))
    return { vars, name: 'host-1', tags: [], who: 'any machine' }
  }

  #play(profile: Profile, part: Part): void {
    const pieces = this.#piecesOf(profile)
    let works = true
    for (const { text, format, path, file } of pieces) {
      if (!isTemplate(text)) continue
      // What does not even parse has been reported.
      if (templateProblems(text, format).length > 0) return
      for (const problem of templateProblems(text, format, this.#valuesFor(profile, part, text))) {
        works = false
        this.#report(problem, path, file, `profile "${profile.name}" for ${part.who}`)
      }
    }
    if (works && profile.target.kind === 'linux') this.#build(profile, part)
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
  #build({ name, target }: Profile, part: Part): void {
    if (target.kind !== 'linux') return
    const profile = this.#plan.profiles[name]
    if (!profile) return
    const { kernel, initrd, edit } = target
    try {
      const args = target.args.map((arg) =>
        renderTemplate(arg, this.#valuesFor(profile, part, arg), 'text', name),
      )
      linuxScript({ profile: name, kernel, initrds: initrd, args, edit, waitSeconds: 0 })
    } catch (error) {
      const problem = { message: messageOf(error), line: 1, column: 1 }
      const path = this.#inheritance.place(name, 'args')
      this.#report(problem, path, undefined, `profile "${name}" for ${part.who}`)
    }
  }

  #valuesFor(profile: Profile, part: Part, text: string): Record<string, unknown> {
    const { address = '192.0.2.1', http } = this.#plan.server
    const base = `http://${address}:${http.port}`
    return templateValues({
      facts: readQuery({ ...labelsIn(text), ...QUERY }, '192.0.2.100').facts,
      place: { address, base, ipxe: [] },
      profile: profile.name,
      answers: Object.keys(profile.answers),
      vars: { ...this.#plan.vars, ...profile.vars, ...part.vars },
      secrets: this.#plan.secrets,
      name: part.name,
      tags: part.tags,
      ...(profile.once && { report: `${base}/report/${'x'.repeat(32)}` }),
    })
  }

  #piecesOf({ name, target, answers }: Profile): Piece[] {
    const pieces = Object.entries(answers).map(([answer, { text, format, file }]): Piece => {
      const path = [...this.#inheritance.place(name, 'answers', answer), answer, 'text']
      return { text, format, path, ...(file !== undefined && { file }) }
    })
    if (target.kind === 'script') {
      const { text, file } = target
      pieces.push({ text, format: 'ipxe', path: this.#inheritance.place(name, 'script'), file })
    }
    if (target.kind !== 'linux') return pieces
    const { kernel, initrd, args } = target
    const boot = [kernel, ...initrd].map((text, i): Piece => {
      const path = this.#inheritance.place(name, i === 0 ? 'kernel' : 'initrd')
      return { text, format: 'ipxe', path }
    })
    const words = args.map((text, i): Piece => {
      const path = this.#inheritance.argumentPlace(name, i, args.length)
      return { text, format: 'text', path }
    })
    return [...pieces, ...boot, ...words]
  }
}
