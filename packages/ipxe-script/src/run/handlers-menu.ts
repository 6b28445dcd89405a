import type { Bytes } from './bytes.ts'
import { STATUS } from './errno.ts'
import { fillFields, storeFields, storeFor } from './handlers-setting.ts'
import { firstChoice, type Menu, pressInMenu } from './menu.ts'
import { resolveName, textOf } from './settings.ts'
import type { Call, Handler, Vm } from './vm.ts'

/** The unnamed menu, form or list of parameters. */
const DEFAULT = ''

const nameIn = ({ options }: Call, option: string): Bytes => {
  const name = options.get(option)
  return typeof name === 'string' ? name : DEFAULT
}

const menuNamed = (vm: Vm, name: Bytes, kind = 'menu'): Menu | number =>
  vm.menus.get(name) ??
  vm.complain(
    STATUS.noSuchMenu,
    name === DEFAULT ? `No default ${kind}` : `"${name}": no such ${kind}`,
  )

const menu: Handler = (vm, call) => {
  const name = nameIn(call, 'name')
  vm.menus.delete(name)
  if (!call.options.has('delete')) vm.menus.set(name, { title: call.rest.join(' '), items: [] })
  return 0
}

const item: Handler = (vm, call) => {
  const { options, rest } = call
  const found = menuNamed(vm, options.has('form') ? nameIn(call, 'form') : nameIn(call, 'menu'))
  if (typeof found === 'number') return found
  const isGap = options.has('gap') || rest.length === 0
  found.items.push({
    ...(!isGap && { name: rest[0]! }),
    text: rest.slice(isGap ? 0 : 1).join(' '),
    key: Number(options.get('key') ?? 0),
    isDefault: options.has('default'),
  })
  return 0
}

/** Waits for keys until one ends the menu; the index chosen, nothing where it was cancelled. */
const runMenu = (
  vm: Vm,
  { title, items }: Menu,
  start: number,
  { options }: Call,
): number | undefined => {
  let at = start
  let limit = Number(options.get('timeout') ?? 0)
  const again = Number(options.get('retimeout') ?? 0)
  for (;;) {
    const key = vm.key(limit, title === '' ? 'a choice' : `a choice in the menu "${title}"`)
    if (key < 0) return at
    const pressed = pressInMenu(items, at, key)
    if (pressed.ends === 'cancelled') return undefined
    if (pressed.ends === 'chosen') return pressed.at
    at = pressed.at
    limit = again
  }
}

const choose: Handler = (vm, call) => {
  const name = nameIn(call, 'menu')
  const target = resolveName(vm.parts.root, call.rest[0]!, true)
  if (typeof target === 'number') return vm.complain(target, `"${call.rest[0]}": invalid setting`)
  const found = menuNamed(vm, name)
  if (typeof found === 'number') return found
  const wanted = call.options.get('default')
  const start = firstChoice(found.items, typeof wanted === 'string' ? wanted : undefined)
  if (!call.options.has('keep')) vm.menus.delete(name)
  if (start < 0) return STATUS.emptyMenu
  const chosen = runMenu(vm, found, start, call)
  if (chosen === undefined) return STATUS.menuCancelled
  return storeFor(vm, call.rest[0]!, found.items[chosen]!.name!)
}

/** Every item is a field whose name is a setting; from source. */
const present: Handler = (vm, call) => {
  const name = nameIn(call, 'form')
  const found = menuNamed(vm, name, 'form')
  if (typeof found === 'number') return found
  if (!call.options.has('keep')) vm.menus.delete(name)
  const names = found.items.flatMap(({ name: field }) => (field === undefined ? [] : [field]))
  const texts = fillFields(
    vm,
    names.map((field) => ({ name: field, text: textOf(vm.parts.root, field) })),
  )
  return texts ? storeFields(vm, names, texts) : STATUS.menuCancelled
}

const params: Handler = (vm, call) => {
  const name = nameIn(call, 'name')
  vm.parameters.delete(name)
  const method = call.options.get('method')
  if (!call.options.has('delete'))
    vm.parameters.set(name, {
      entries: [],
      method: typeof method === 'string' ? method.toUpperCase() : undefined,
    })
  return 0
}

const param: Handler = (vm, call) => {
  const name = nameIn(call, 'params')
  const list = vm.parameters.get(name)
  if (!list)
    return vm.complain(
      STATUS.noSuchMenu,
      name === DEFAULT ? 'No default parameter list' : `"${name}": no such parameter list`,
    )
  const [key, ...value] = call.rest
  list.entries.push({ name: key!, value: value.join(' '), header: call.options.has('header') })
  return 0
}

export const MENU: Readonly<Record<string, Handler>> = {
  menu,
  form: menu,
  item,
  choose,
  present,
  params,
  param,
}
