import { ConfigFiles } from './files.ts'
import type { ConfigHost, Findings } from './issues.ts'
import type { Answer, Profile, Target } from './plan.ts'
import { hint } from './suggest.ts'
import type { AnswerFormat, AnswerInput, ConfigInput, MenuItem, ProfileInput } from './types.ts'

const TARGETS = ['kernel', 'script', 'module', 'chain', 'menu', 'local', 'ignore'] as const
const LINUX_ONLY = ['initrd', 'args', 'console', 'edit'] as const

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

const wordsOf = (value: string | readonly string[] | undefined): readonly string[] =>
  listOf(value)
    .map((text) => text.trim())
    .filter((text) => text !== '')

const ENDINGS: readonly (readonly [RegExp, AnswerFormat])[] = [
  [/(^|[./-])(ks|kickstart)(\.cfg)?$/, 'kickstart'],
  [/preseed(\.cfg)?$|\.preseed$/, 'preseed'],
  [/(user|meta|vendor)-data$|network-config$/, 'cloud-init'],
  [/\.ign$|ignition$/, 'ignition'],
  [/\.ya?ml$/, 'yaml'],
  [/\.json$/, 'json'],
  [/\.xml$/, 'xml'],
  [/\.ipxe$/, 'ipxe'],
  [/\.sh$/, 'shell'],
]

const formatOf = (name: string, { format, template }: AnswerInput): AnswerFormat => {
  if (format) return format
  const plain = (template ?? '').replace(/\.(liquid|tmpl|template)$/, '')
  return ENDINGS.find(([ending]) => ending.test(name) || ending.test(plain))?.[1] ?? 'text'
}

/** Resolves inheritance and reads what profiles name. */
export class ProfileCompiler {
  readonly #config: ConfigInput
  readonly #host: ConfigHost
  readonly #files: ConfigFiles
  readonly #findings: Findings
  readonly #merged = new Map<string, ProfileInput>()

  constructor(config: ConfigInput, host: ConfigHost, findings: Findings) {
    this.#config = config
    this.#host = host
    this.#files = new ConfigFiles(config.assets, host, findings)
    this.#findings = findings
  }

  /** Files whose change is a change of the configuration. */
  get files(): readonly string[] {
    return this.#files.read
  }

  get names(): string[] {
    return Object.keys(this.#config.profiles ?? {})
  }

  compile(): Record<string, Profile> {
    const names = this.names
    return Object.fromEntries(names.map((name) => [name, this.#profile(name)]))
  }

  /** Checks a reference to a profile; `extra` are words that are allowed too. */
  reference(
    profile: string,
    path: readonly (string | number)[],
    extra: readonly string[] = [],
  ): void {
    if (this.names.includes(profile) || extra.includes(profile)) return
    this.#findings.add(
      'unknown-profile',
      path,
      `there is no profile "${profile}"${hint(profile, [...extra, ...this.names])}`,
    )
  }

  #merge(name: string, below: readonly string[]): ProfileInput {
    const known = this.#merged.get(name)
    if (known) return known
    const own = this.#config.profiles?.[name] ?? {}
    const { extends: parentName, ...rest } = own
    if (parentName === undefined) return rest
    const path = ['profiles', name, 'extends']
    if (below.includes(parentName) || parentName === name) {
      this.#findings.add(
        'extends-loop',
        path,
        `profile "${name}" extends itself by way of ${[...below, name].join(', ')}`,
      )
      return rest
    }
    this.reference(parentName, path)
    const parent = this.#merge(parentName, [...below, name])
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

  #profile(name: string): Profile {
    const path = ['profiles', name]
    const given = this.#merge(name, [])
    const { efi, httpBoot, description, vars, once } = given
    if (efi !== undefined) this.#files.asset(efi, [...path, 'efi'])
    if (httpBoot !== undefined) this.#files.asset(httpBoot, [...path, 'httpBoot'])
    return {
      name,
      ...(description !== undefined && { description }),
      target: this.#target(name, given),
      ...(efi !== undefined && { efi }),
      ...(httpBoot !== undefined && { httpBoot }),
      answers: this.#answers(name, given),
      ...this.#once(name, once),
      vars: vars ?? {},
    }
  }

  #once(name: string, once: ProfileInput['once']): Pick<Profile, 'once'> {
    if (once === undefined || once === false) return {}
    const { after = 'local', done = 'report' } = once === true ? {} : once
    this.reference(after, ['profiles', name, 'once', 'after'], ['local'])
    return { once: { after, done } }
  }

  #target(name: string, given: ProfileInput): Target {
    const path = ['profiles', name]
    const present = TARGETS.filter((key) => given[key] !== undefined)
    if (present.length > 1) {
      this.#findings.add(
        'two-targets',
        [...path, present[1]!],
        `profile "${name}" has ${present.join(' and ')}; it can boot only one of them`,
      )
    }
    const kind = present[0]
    if (kind !== 'kernel') {
      const stray = LINUX_ONLY.find((key) => given[key] !== undefined)
      if (stray)
        this.#findings.add(
          'without-kernel',
          [...path, stray],
          `profile "${name}" has ${stray}, which needs a kernel`,
        )
    }
    switch (kind) {
      case 'kernel':
        return this.#linux(name, given)
      case 'script':
        return {
          kind: 'script',
          ...this.#files.template(given.script ?? '', 'ipxe', [...path, 'script']),
        }
      case 'module': {
        const { file } = this.#files.text(given.module ?? '', [...path, 'module'])
        return {
          kind: 'module',
          file,
          version: this.#host.isFile(file) ? this.#host.version(file) : '',
        }
      }
      case 'chain':
        return { kind: 'chain', url: given.chain ?? '' }
      case 'menu':
        return this.#menu(name, given)
      case 'local':
        return { kind: 'local' }
      case 'ignore':
        return { kind: 'ignore' }
      default:
        if (given.efi === undefined && given.httpBoot === undefined && !this.#isParent(name)) {
          this.#findings.add(
            'no-target',
            path,
            `profile "${name}" boots nothing; give it one of ${TARGETS.join(', ')}, efi, httpBoot`,
          )
        }
        return { kind: 'none' }
    }
  }

  #isParent(name: string): boolean {
    return Object.values(this.#config.profiles ?? {}).some((profile) => profile.extends === name)
  }

  #linux(name: string, given: ProfileInput): Target {
    const path = ['profiles', name]
    const kernel = given.kernel ?? ''
    this.#files.asset(kernel, [...path, 'kernel'])
    const initrd = listOf(given.initrd)
    for (const [i, file] of initrd.entries()) {
      this.#files.asset(
        file,
        typeof given.initrd === 'string' ? [...path, 'initrd'] : [...path, 'initrd', i],
      )
    }
    const { console: serial } = given
    return {
      kind: 'linux',
      kernel,
      initrd,
      args: this.#arguments(name, given),
      console: typeof serial === 'string' ? { default: serial } : (serial ?? {}),
      edit: given.edit ?? false,
    }
  }

  #menu(name: string, { menu }: ProfileInput): Target {
    const path = ['profiles', name, 'menu']
    const items = (menu?.items ?? []).map((item, i): MenuItem => {
      const entry = typeof item === 'string' ? { profile: item } : item
      this.reference(entry.profile, [...path, 'items', i], ['local'])
      return entry
    })
    const chosen = menu?.default
    if (chosen !== undefined && !items.some(({ profile }) => profile === chosen)) {
      this.#findings.add(
        'menu-default',
        [...path, 'default'],
        `"${chosen}" is not an item of this menu${hint(
          chosen,
          items.map((i) => i.profile),
        )}`,
      )
    }
    return {
      kind: 'menu',
      title: menu?.title ?? name,
      items,
      ...(chosen !== undefined && { default: chosen }),
      timeoutSeconds: menu?.timeoutSeconds ?? (chosen === undefined ? 0 : 30),
    }
  }

  #answers(name: string, { answers }: ProfileInput): Record<string, Answer> {
    return Object.fromEntries(
      Object.entries(answers ?? {}).map(([key, input]): [string, Answer] => {
        const format = formatOf(key, input)
        const path = ['profiles', name, 'answers', key]
        if (input.template !== undefined) {
          const found = this.#files.template(input.template, format, [...path, 'template'])
          return [key, { format, ...found }]
        }
        const text = input.text ?? ''
        this.#files.parses(text, format, `answer "${key}"`, [...path, 'text'])
        return [key, { format, text }]
      }),
    )
  }

  #arguments(name: string, given: ProfileInput): readonly string[] {
    const args = wordsOf(given.args)
    for (const arg of args) {
      const path = ['profiles', name, 'args']
      this.#files.parses(arg, 'text', `argument ${JSON.stringify(arg)}`, path)
      if (arg.includes('${')) {
        this.#findings.add(
          'expansion',
          path,
          `${JSON.stringify(arg)} has an iPXE expansion; write {{ mac }}, {{ ip }} and the like, or a script of your own`,
        )
      }
    }
    return args
  }
}

const isTargetKey = (key: string): boolean =>
  [...TARGETS, ...LINUX_ONLY].some((target) => target === key)
