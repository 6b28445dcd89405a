import type { Bytes } from './bytes.ts'
import { messageOf, STATUS } from './errno.ts'
import { integerAt } from './handlers-core.ts'
import { KEY } from './keyboard.ts'
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

/** Reads a line at the console into a text that is already there; nothing where it was cancelled. */
export const editLine = (vm: Vm, start: Bytes, what: string, timeoutMs = 0): Bytes | undefined => {
  let text = start
  for (let limit = timeoutMs; ; limit = 0) {
    const key = vm.key(limit, what)
    if (key < 0) return text
    if (key === KEY.enter || key === KEY.newline || key === KEY.tab) return text
    if (key === KEY.ctrlC || key === KEY.escape) return undefined
    if (key === KEY.backspace || key === KEY.rubout) text = text.slice(0, -1)
    else if (key >= 0x20 && key < 0x7f) text += String.fromCharCode(key)
  }
}

const read: Handler = (vm, { rest, options }) => {
  const target = named(vm, rest[0]!, true)
  if (typeof target === 'number') return target
  const value = fetchText(target)
  const start = typeof value === 'number' ? '' : value.text
  const text = editLine(vm, start, `a value of ${rest[0]}`, Number(options.get('timeout') ?? 0))
  if (text === undefined) return STATUS.readCancelled
  vm.print('\n')
  return stored(vm, target, storeText(target, text))
}

const login: Handler = (vm) => {
  for (const name of ['username', 'password']) {
    const text = editLine(vm, '', `a ${name}`)
    if (text === undefined) return STATUS.loginCancelled
    const status = storeFor(vm, name, text)
    if (status !== 0) return status
  }
  return 0
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
