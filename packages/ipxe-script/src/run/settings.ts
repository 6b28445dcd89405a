import {
  packTag,
  PREDEFINED,
  PREDEFINED_OF_2019,
  type PredefinedSetting,
  type Scope,
} from '../table/predefined.ts'
import { type Bytes, readInteger } from './bytes.ts'
import { STATUS } from './errno.ts'
import {
  numberOf,
  RECENT_TYPES,
  SETTING_TYPES,
  type SettingType,
  typeNamed,
} from './setting-types.ts'

/** What a name stands for, without its block. */
export interface Setting {
  readonly name: string
  readonly tag: number
  readonly scope?: Scope
  readonly type?: SettingType
}

/** A value where it was found. */
export interface Found {
  readonly raw: Bytes
  readonly type: SettingType
  readonly block: Block
}

export interface Value {
  readonly raw: Bytes
  readonly type: SettingType
}

/** Values that are worked out when they are asked for: a device, the SMBIOS tables, iPXE's own. */
export interface Source {
  readonly scope: Scope
  readonly fetch: (setting: Setting) => Value | undefined
  /** Status of a store; `undefined`: the block keeps the value as any other. No function: nothing is kept. */
  readonly store?: (setting: Setting, raw: Bytes | undefined) => number | undefined
}

interface Entry extends Value {
  readonly setting: Setting
}

/** iPXE's `setting_cmp`: the same tag in the same scope, else the same name, which must not be empty. */
const same = (a: Setting, b: Setting): boolean =>
  (a.tag !== 0 && a.tag === b.tag && a.scope === b.scope) || (a.name !== '' && a.name === b.name)

const PRIORITY = packTag([175, 1])

/** One block of settings and the blocks below it. */
export class Block {
  readonly name: string
  readonly parent: Block | undefined
  readonly children: Block[] = []
  /** Stands in for another block, as `netX` does; `null` while there is none. */
  redirect?: () => Block | null
  source: Source | undefined
  readonly #entries: Entry[] = []

  constructor(name: string, parent?: Block, source?: Source) {
    this.name = name
    this.parent = parent
    this.source = source
  }

  /** Adds a block below this one, behind its siblings. */
  add(name: string, source?: Source): Block {
    const block = new Block(name, this, source)
    this.children.push(block)
    return block
  }

  /** Dotted path from the root: `net0.dhcp`; the root's is empty. */
  get path(): string {
    const above = this.parent?.path ?? ''
    return above === '' ? this.name : `${above}.${this.name}`
  }

  child(name: string): Block | undefined {
    return this.children.find((block) => block.name === name)
  }

  /** Looks here, then in every block below, in order. */
  fetch(setting: Setting): Found | undefined {
    const own = this.source?.fetch(setting) ?? this.#entries.find((e) => same(e.setting, setting))
    if (own) return { raw: own.raw, type: own.type, block: this }
    for (const child of this.children) {
      const found = child.redirect ? undefined : child.fetch(setting)
      if (found) return found
    }
    return undefined
  }

  /** Keeps a value, or drops it where `raw` is missing. Returns a status. */
  store(setting: Setting, raw: Bytes | undefined): number {
    if (this.source) {
      if (!this.source.store) return STATUS.settingUnsupported
      const status = this.source.store(setting, raw)
      if (status !== undefined) return status
    }
    const at = this.#entries.findIndex((entry) => same(entry.setting, setting))
    if (raw === undefined) {
      if (at >= 0) this.#entries.splice(at, 1)
    } else {
      const entry = { setting, raw, type: setting.type ?? typeNamed('string') }
      if (at < 0) this.#entries.push(entry)
      else this.#entries[at] = entry
    }
    if (setting.tag === PRIORITY) this.#rise()
    return 0
  }

  clear(): void {
    this.#entries.length = 0
    this.children.length = 0
  }

  get priority(): number {
    const found = this.fetch({ name: 'priority', tag: PRIORITY })
    return (found && numberOf(found.raw, true)) ?? 0
  }

  /** Moves this block, and those above it, before the first one of lower priority. */
  #rise(): void {
    const siblings = this.parent?.children
    if (!siblings) return
    siblings.splice(siblings.indexOf(this), 1)
    const { priority } = this
    const at = siblings.findIndex((block) => block.priority < priority)
    siblings.splice(at < 0 ? siblings.length : at, 0, this)
    if (this.parent) this.parent.#rise()
  }
}

/** The root of all settings, and which types and predefined settings the build knows. */
export class Root extends Block {
  readonly types: ReadonlyMap<string, SettingType>
  readonly named: ReadonlyMap<string, PredefinedSetting>

  constructor(recent: boolean) {
    super('')
    this.types = recent ? RECENT_TYPES : SETTING_TYPES
    this.named = recent ? PREDEFINED : PREDEFINED_OF_2019
  }

  /** The predefined setting of a tag, as a numeric name means it. */
  tagged(tag: number, scope: Scope | undefined): PredefinedSetting | undefined {
    for (const setting of this.named.values())
      if (setting.tag === tag && setting.scope === scope) return setting
    return undefined
  }
}

/** A DHCP tag or SMBIOS path out of a name of numbers and dots; 0 for any other name. */
const tagOf = (name: string): number => {
  const parts: number[] = []
  for (let rest = name; ;) {
    const { value, length } = readInteger(rest)
    parts.push(value)
    if (length === rest.length) return packTag(parts)
    if (rest[length] !== '.') return 0
    rest = rest.slice(length + 1)
  }
}

const blockNamed = (root: Block, path: string, make: boolean): Block | undefined => {
  let block = root
  for (const name of path === '' ? [] : path.split('.')) {
    const next = block.child(name) ?? (make ? block.add(name) : undefined)
    if (!next) return undefined
    block = next
  }
  return block
}

/** A name resolved: `[block/]setting[:type]`. */
export interface Named {
  readonly block: Block
  readonly setting: Setting
}

/** Resolves a setting's name; a status for an unknown type, or a block that is not there and not made. */
export const resolveName = (root: Root, text: string, make = false): Named | number => {
  const slash = text.indexOf('/')
  const path = slash < 0 ? '' : text.slice(0, slash)
  const rest = text.slice(slash + 1)
  const colon = rest.indexOf(':')
  const name = colon < 0 ? rest : rest.slice(0, colon)
  const block = blockNamed(root, path, make)
  if (!block) return STATUS.noBlock
  const type = colon < 0 ? undefined : root.types.get(rest.slice(colon + 1))
  if (colon >= 0 && !type) return STATUS.settingUnsupported
  const scope = block.source?.scope === 'net' ? undefined : block.source?.scope
  const tag = tagOf(name)
  const known = root.named.get(name) ?? (tag === 0 ? undefined : root.tagged(tag, scope))
  if (known) return { block, setting: { ...known, type: type ?? typeNamed(known.type) } }
  return { block, setting: { name, tag, ...(scope && { scope }), ...(type && { type }) } }
}

/** Looks a resolved setting up. A status comes back where its block stands for no other. */
export const fetchNamed = ({ block, setting }: Named): Found | undefined | number => {
  if (!block.redirect) return block.fetch(setting)
  const target = block.redirect()
  return target ? target.fetch(setting) : STATUS.settingUnsupported
}

/** Stores the text of a value; the empty text deletes. Returns a status. */
export const storeText = ({ block, setting }: Named, text: Bytes): number => {
  const target = block.redirect ? block.redirect() : block
  if (!target) return STATUS.settingUnsupported
  if (text === '') return target.store(setting, undefined)
  const type = setting.type ?? typeNamed('string')
  if (!type.parse) return STATUS.settingUnsupported
  const raw = type.parse(text)
  return typeof raw === 'number' ? raw : target.store({ ...setting, type }, raw)
}

/** The text of a value in the type asked for, else in its own; a status where there is none. */
export const fetchText = (
  named: Named,
): { readonly text: Bytes; readonly found: Found; readonly type: SettingType } | number => {
  const found = fetchNamed(named)
  if (found === undefined) return STATUS.noSetting
  if (typeof found === 'number') return found
  const type = named.setting.type ?? found.type
  const text = type.format(found.raw)
  return typeof text === 'number' ? text : { text, found, type }
}

/** Resolves a name and reads it. */
export const readSetting = (root: Root, name: string): ReturnType<typeof fetchText> => {
  const named = resolveName(root, name)
  return typeof named === 'number' ? named : fetchText(named)
}

/** The text of a setting; the empty text where there is none, as in an expansion. */
export const textOf = (root: Root, name: string): Bytes => {
  const value = readSetting(root, name)
  return typeof value === 'number' ? '' : value.text
}
