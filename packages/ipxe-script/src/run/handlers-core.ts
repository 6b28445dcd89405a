import { commandNamed } from '../table/index.ts'
import { STATUS } from './errno.ts'
import { integerOf, isRefusal } from './getopt.ts'
import { Halt } from './outcome.ts'
import type { Handler, Vm } from './vm.ts'

/** An integer among the arguments; a status where it is none. */
export const integerAt = (vm: Vm, text: string): { value: number } | number => {
  const value = integerOf(text, vm.traits.hasOldGetopt)
  return isRefusal(value) ? vm.complain(value.status, value.message) : { value }
}

const echo: Handler = (vm, { options, rest }) => {
  vm.print(`${rest.join(' ')}${options.has('n') ? '' : '\n'}`)
  return 0
}

const exit: Handler = (vm, { rest }) => {
  const status = integerAt(vm, rest[0] ?? '0')
  if (typeof status === 'number') return status
  vm.stop = 'script'
  return status.value
}

const sleep: Handler = (vm, { rest }) => {
  const seconds = integerAt(vm, rest[0]!)
  if (typeof seconds === 'number') return seconds
  return vm.parts.keyboard.sleep((seconds.value >>> 0) * 1000) ? 0 : STATUS.sleepCancelled
}

const goto: Handler = (vm, { rest }) => {
  const { running } = vm
  if (!running) return STATUS.notInScript
  const found = vm.parts.language.findLabel(running.script, rest[0]!)
  if ('status' in found) {
    vm.reason = `there is no label ${rest[0]}`
    return found.status
  }
  vm.visit()
  running.next = found.index
  vm.stop = 'line'
  return 0
}

/** A prompt is wiped once it is over, so only a key that is never pressed leaves it on the screen. */
const prompt: Handler = (vm, { options }) => {
  const wanted = Number(options.get('key') ?? 0)
  const key = vm.key(Number(options.get('timeout') ?? 0), 'a key')
  if (key < 0) return STATUS.promptTimeout
  return wanted === 0 || key === wanted ? 0 : STATUS.wrongKey
}

const help: Handler = (vm) => {
  const names = [...vm.parts.language.handlers.keys()].filter(
    (name) => vm.has(name) && commandNamed(name),
  )
  vm.print(`\nAvailable commands:\n\n`)
  for (let at = 0; at < names.length; at += 5)
    vm.print(
      `  ${names
        .slice(at, at + 5)
        .map((name) => name.padEnd(16))
        .join('')
        .trimEnd()}\n`,
    )
  vm.print('\nType "<command> --help" for further information\n\n')
  return 0
}

const shell: Handler = (vm) => {
  throw new Halt({ kind: 'opens the shell', ...vm.place })
}

/** iPXE's own words for a false test, "Result too large", tell a person nothing. */
const isFalse = (vm: Vm, status: number, test: string): number => {
  vm.reason = `${test} is false and nothing follows ||`
  return status
}

export const CORE: Readonly<Record<string, Handler>> = {
  echo,
  exit,
  sleep,
  goto,
  prompt,
  help,
  shell,
  isset: (vm, { rest }) => (rest[0] === '' ? isFalse(vm, STATUS.notSet, 'isset ""') : 0),
  iseq: (vm, { rest }) =>
    rest[0] === rest[1] ? 0 : isFalse(vm, STATUS.notEqual, `iseq "${rest[0]}" "${rest[1]}"`),
}
