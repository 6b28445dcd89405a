import { didYouMean } from '@bootwire-internal/common'

import { formatOf } from './answer-format.ts'
import { ConfigFiles, type AssetsFolder } from './files.ts'
import { LINUX_ONLY, listOf, TARGETS, wordsOf, type Inheritance } from './inheritance.ts'
import type { ConfigHost, Findings } from './issues.ts'
import type { Answer, Profile, Target } from './plan.ts'
import type { MenuItem, ProfileInput } from './types.ts'

/** Reads what profiles name, everything inherited, and checks that it fits together. */
export class ProfileCompiler {
  readonly #host: ConfigHost
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
    this.#host = host
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
    const { efi, httpBoot, description, vars, once } = given
    if (efi !== undefined) this.#files.asset(efi, this.#inheritance.place(name, 'efi'))
    if (httpBoot !== undefined)
      this.#files.asset(httpBoot, this.#inheritance.place(name, 'httpBoot'))
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
    this.#inheritance.reference(
      after,
      [...this.#inheritance.place(name, 'once'), 'after'],
      ['local'],
    )
    return { once: { after, done } }
  }

  #target(name: string, given: ProfileInput): Target {
    const present = TARGETS.filter((key) => given[key] !== undefined)
    if (present.length > 1) {
      this.#findings.add(
        'two-targets',
        this.#inheritance.place(name, present[1]!),
        `profile "${name}" has ${present.join(' and ')}; it can boot only one of them`,
      )
    }
    const kind = present[0]
    // A profile that others extend may hold no more than what they have in common.
    const isWhole =
      !this.#inheritance.isPartial(name) &&
      (kind !== undefined || !this.#inheritance.isParent(name))
    if (kind !== 'kernel' && isWhole) {
      const stray = LINUX_ONLY.find((key) => given[key] !== undefined)
      if (stray)
        this.#findings.add(
          'without-kernel',
          this.#inheritance.place(name, stray),
          `profile "${name}" has ${stray}, which needs a kernel`,
        )
    }
    switch (kind) {
      case 'kernel':
        return this.#linux(name, given)
      case 'script':
        return {
          kind: 'script',
          ...this.#files.script(given.script ?? '', this.#inheritance.place(name, 'script')),
        }
      case 'module': {
        const { file } = this.#files.text(
          given.module ?? '',
          this.#inheritance.place(name, 'module'),
        )
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
        if (given.efi === undefined && given.httpBoot === undefined && isWhole) {
          this.#findings.add(
            'no-target',
            ['profiles', name],
            `profile "${name}" boots nothing; give it one of ${TARGETS.join(', ')}, efi, httpBoot`,
          )
        }
        return { kind: 'none' }
    }
  }

  #linux(name: string, given: ProfileInput): Target {
    const kernel = given.kernel ?? ''
    this.#files.asset(kernel, this.#inheritance.place(name, 'kernel'))
    const initrd = listOf(given.initrd)
    const path = this.#inheritance.place(name, 'initrd')
    for (const [i, file] of initrd.entries())
      this.#files.asset(file, typeof given.initrd === 'string' ? path : [...path, i])
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
    const path = this.#inheritance.place(name, 'menu')
    const items = (menu?.items ?? []).map((item, i): MenuItem => {
      const entry = typeof item === 'string' ? { profile: item } : item
      this.#inheritance.reference(entry.profile, [...path, 'items', i], ['local'])
      return entry
    })
    const chosen = menu?.default
    const isWhole = !this.#inheritance.isPartial(name)
    if (chosen !== undefined && isWhole && !items.some(({ profile }) => profile === chosen)) {
      this.#findings.add(
        'menu-default',
        [...path, 'default'],
        `"${chosen}" is not an item of this menu${didYouMean(
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

  #arguments(name: string, given: ProfileInput): readonly string[] {
    // What is inherited is looked at where it stands.
    const { args } = this.#inheritance.ownOf(name)
    for (const [i, arg] of listOf(args).entries()) {
      const path = ['profiles', name, 'args', ...(typeof args === 'string' ? [] : [i])]
      this.#files.parses(arg, 'text', path)
      if (arg.includes('${')) {
        this.#findings.add(
          'expansion',
          path,
          `${JSON.stringify(arg)} has an iPXE expansion; write {{ mac }}, {{ ip }} and the like, or a script of your own`,
        )
      }
    }
    return wordsOf(given.args)
  }
}
