import type { Bytes } from './bytes.ts'
import { messageOf, STATUS } from './errno.ts'
import { integerAt } from './handlers-core.ts'
import { KEY } from './keyboard.ts'
import { LineEditor } from './line-editor.ts'
import { numberOf, octetsOf, typeNamed } from './setting-types.ts'
import { fetchNamed, fetchText, type Named, resolveName, storeText } from './settings.ts'
import type { Handler, Vm } from './vm.ts'

/** Resolves a setting's name for a command, or complains. */
const named = (vm: Vm, text: Bytes, make: boolean): Named | number => {
  const target = resolveName(vm.parts.root, text, make)
  return typeof target === 'number' ? vm.complain(target, `"${text}": invalid setting`) : target
}

const stored = (vm: Vm, { setting }: Named, status: number): number =>
  status === 0 ? 0 : vm.complain(status, `Could not store "${setting.name}": ${messageOf(status)}`)

/** Stores text for a command, or complains. */
export const storeFor = (vm: Vm, name: Bytes, text: Bytes): number => {
  const target = named(vm, name, true)
  return typeof target === 'number' ? target : stored(vm, target, storeText(target, text))
}

const set: Handler = (vm, { rest }) => storeFor(vm, rest[0]!, rest.slice(1).join(' '))

const clear: Handler = (vm, { rest }) => storeFor(vm, rest[0]!, '')

const show: Handler = (vm, { rest, options }) => {
  const target = named(vm, rest[0]!, false)
  if (typeof target === 'number') return target
  const { name } = target.setting
  const value = fetchText(target)
  if (typeof value === 'number')
    return vm.complain(value, `Could not find "${name}": ${messageOf(value)}`)
  const { found, type, text } = value
  const path = found.block.path
  if (!options.has('quiet'))
    vm.print(`${path === '' ? '' : `${path}/`}${name}:${type.name} = ${text}\n`)
  return 0
}

const inc: Handler = (vm, { rest }) => {
  const target = named(vm, rest[0]!, false)
  if (typeof target === 'number') return target
  const by = integerAt(vm, rest[1] ?? '1')
  if (typeof by === 'number') return by
  const found = fetchNamed(target)
  if (typeof found === 'number') return stored(vm, target, found)
  const type = target.setting.type ?? found?.type ?? typeNamed('int32')
  if (!type.number) return stored(vm, target, STATUS.settingUnsupported)
  // A value that is too long for a number counts as 0.
  const now = (found && numberOf(found.raw, type.number.signed)) ?? 0
  const raw = octetsOf((now + by.value) | 0, type.number.width)
  return stored(vm, target, target.block.store({ ...target.setting, type }, raw))
}

/** Reads a line at the console into a text that is already there; a status where that ends without one. */
const editLine = (vm: Vm, start: Bytes, what: string, timeoutMs: number): Bytes | number => {
  const editor = new LineEditor(start)
  // The time runs until the first key.
  for (let limit = timeoutMs; ; limit = 0) {
    const key = vm.key(limit, what)
    if (key < 0) return STATUS.readTimeout
    if (key === KEY.enter || key === KEY.newline) return editor.text
    if (key === KEY.ctrlC) return STATUS.readCancelled
    editor.press(key)
  }
}

const read: Handler = (vm, { rest, options }) => {
  const target = named(vm, rest[0]!, true)
  if (typeof target === 'number') return target
  const value = fetchText(target)
  const start = typeof value === 'number' ? '' : value.text
  const text = editLine(vm, start, `a value of ${rest[0]}`, Number(options.get('timeout') ?? 0))
  if (typeof text === 'number') return text
  vm.print('\n')
  return stored(vm, target, storeText(target, text))
}

/** Fields on one screen; the arrows and Tab go from one to another, Enter in the last one is the end. */
export const fillFields = (
  vm: Vm,
  fields: readonly { readonly name: Bytes; readonly text: Bytes }[],
): readonly Bytes[] | undefined => {
  const editors = fields.map(({ text }) => new LineEditor(text))
  const last = fields.length - 1
  for (let at = 0; at <= last;) {
    const key = vm.key(0, `the field ${fields[at]!.name}`)
    if (key === KEY.ctrlC || key === KEY.escape) return undefined
    if (key === KEY.enter || key === KEY.newline) at++
    else if (key === KEY.down) at = Math.min(last, at + 1)
    else if (key === KEY.up) at = Math.max(0, at - 1)
    else if (key === KEY.tab) at = (at + 1) % fields.length
    else editors[at]!.press(key)
  }
  return editors.map(({ text }) => text)
}

/** Stores what was filled in; the first status that is not 0 ends it. */
export const storeFields = (vm: Vm, names: readonly Bytes[], texts: readonly Bytes[]): number => {
  for (const [at, name] of names.entries()) {
    const status = storeFor(vm, name, texts[at]!)
    if (status !== 0) return status
  }
  return 0
}

const login: Handler = (vm) => {
  const names = ['username', 'password']
  const texts = fillFields(
    vm,
    names.map((name) => ({ name, text: '' })),
  )
  return texts ? storeFields(vm, names, texts) : STATUS.loginCancelled
}

const config: Handler = (vm, { rest }) => {
  if (rest[0] !== undefined && typeof resolveName(vm.parts.root, `${rest[0]}/x`) === 'number')
    return vm.complain(STATUS.noScope, `"${rest[0]}": no such scope`)
  while (vm.key(0, 'the settings editor') !== KEY.ctrlX) {
    // Only Ctrl-X leaves the editor; what is typed into it is not modelled.
  }
  return 0
}

export const SETTING: Readonly<Record<string, Handler>> = {
  show,
  set,
  clear,
  read,
  inc,
  login,
  config,
}
