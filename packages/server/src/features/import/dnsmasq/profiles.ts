import type { BootProfile } from './plan-boot.ts'

type Json = Readonly<Record<string, unknown>>

const wordOf = (profile: BootProfile): string => {
  switch (profile.kind) {
    case 'ignore':
      return 'not-booted'
    case 'menu':
      return 'menu'
    case 'chain': {
      const last =
        profile.target
          .split(/[?#]/)[0]!
          .split('/')
          .findLast((part) => part !== '') ?? ''
      return last
        .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
        .replace(/^[^A-Za-z0-9]+/, '')
        .slice(0, 40)
    }
    default:
      return 'local'
  }
}

/** Profiles by what they do: each once, with a name of its own. */
export class Profiles {
  readonly all: Record<string, Json> = {}
  /** True where one names a file below the assets. */
  hasPaths = false
  /** Name of the profile that nobody is answered by. */
  ignored: string | undefined
  readonly #names = new Map<string, string>()

  /** The name of a profile, which is made where there is none like it. */
  nameOf(profile: BootProfile): string {
    if (profile.kind === 'local') return 'local'
    const key = JSON.stringify(profile)
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const written = this.#write(profile)
    const base = wordOf(profile) || 'boot'
    let name = base
    for (let i = 2; name === 'local' || Object.hasOwn(this.all, name); i++) name = `${base}-${i}`
    this.#names.set(key, name)
    this.all[name] = written
    if (profile.kind === 'ignore') this.ignored = name
    return name
  }

  #write(profile: Exclude<BootProfile, { kind: 'local' }>): Json {
    if (profile.kind === 'ignore') return { ignore: true }
    if (profile.kind === 'chain') {
      const { target, efi } = profile
      if (efi !== undefined || !/^[a-z][a-z\d+.-]*:/i.test(target)) this.hasPaths = true
      return { chain: target, ...(efi !== undefined && { efi }) }
    }
    const { title, timeoutSeconds } = profile
    const items = profile.items.map(({ label, boots }) => ({
      profile: this.nameOf(boots),
      label: label.trim() || 'boot',
    }))
    const chosen =
      timeoutSeconds === undefined ? {} : { default: items[0]!.profile, timeoutSeconds }
    return { menu: { ...(title !== undefined && title !== '' && { title }), items, ...chosen } }
  }
}
