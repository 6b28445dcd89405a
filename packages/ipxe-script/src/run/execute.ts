import { type Line, parse, type Segment } from '../syntax/index.ts'
import { commandNamed, type CommandSpec } from '../table/index.ts'
import { bootImage } from './boot.ts'
import { type Bytes, toText } from './bytes.ts'
import { causeOf, STATUS } from './errno.ts'
import { isRefusal, readArguments, usageOf } from './getopt.ts'
import type { Image } from './images.ts'
import { textOf } from './settings.ts'
import type { Vm } from './vm.ts'

/** Scripts inside scripts beyond which they are taken to run each other for ever. */
const MAX_DEPTH = 64

/** Expands every word of a command; a status where a value outgrows iPXE's memory. */
const expandWords = (vm: Vm, segment: Segment): Bytes[] | number => {
  const words: Bytes[] = []
  for (const { text } of segment.words) {
    const expansion = vm.parts.language.expand(text, (name) => textOf(vm.parts.root, name))
    if (!('failure' in expansion)) words.push(expansion.text)
    else if (expansion.failure === 'too long') return STATUS.noMemory
    else vm.hang(`${toText(text)} expands to itself for ever`)
    vm.spend(0, words.at(-1)!.length)
  }
  return words
}

const optionsOf = (vm: Vm, spec: CommandSpec): CommandSpec['options'] =>
  spec.options.filter(({ long }) => vm.has(`${spec.name} --${long}`))

/** Calls a command by its expanded words. */
export const callCommand = (
  vm: Vm,
  [name = '', ...words]: readonly Bytes[],
): number | Promise<number> => {
  const spec = vm.has(name) ? commandNamed(name) : undefined
  const handler = vm.parts.language.handlers.get(name)
  if (!spec || !handler) return vm.complain(STATUS.commandNotFound, `${name}: command not found`)
  // "help" is the one command that does not look at its words.
  if (name === 'help') return handler(vm, { spec, options: new Map(), rest: [] })
  const allowed = optionsOf(vm, spec)
  const sorted = readArguments(spec, allowed, words, vm.traits.hasOldGetopt)
  if (!isRefusal(sorted)) return handler(vm, { spec, ...sorted })
  if (sorted.message !== '') vm.complain(sorted.status, sorted.message)
  if (sorted.usage) vm.print(usageOf(spec, allowed))
  return sorted.status
}

const runCommand = async (vm: Vm, words: readonly Bytes[]): Promise<number> => {
  vm.spend(1, 0)
  vm.reason = ''
  const result = callCommand(vm, words)
  const status = typeof result === 'number' ? result : await result
  vm.record(words, status)
  return status
}

/** Runs one line: its commands from left to right, each as the operator before it wants. */
const runLine = async (vm: Vm, line: Line): Promise<number> => {
  let status = 0
  let runs = true
  for (const segment of line.segments) {
    if (runs) {
      const words = expandWords(vm, segment)
      if (typeof words === 'number') {
        vm.reason = causeOf(words)
        return words
      }
      // oxlint-disable-next-line no-await-in-loop -- one command after the other
      status = words.length === 0 ? 0 : await runCommand(vm, words)
    }
    if (vm.stop !== 'nothing' || !segment.operator) break
    runs = vm.parts.language.runsAfter(segment.operator.text, status)
  }
  if (vm.stop === 'line') vm.stop = 'nothing'
  return status
}

const runLines = async (vm: Vm): Promise<number> => {
  const running = vm.running!
  const { lines } = running.script
  let status = 0
  for (running.next = 0; running.next < lines.length;) {
    const line = lines[running.next++]!
    running.line = line.number
    if (line.dangling) {
      vm.reason = 'the script ends in a continuation'
      return STATUS.dangling
    }
    // oxlint-disable-next-line no-await-in-loop -- one line after the other
    status = line.segments.length === 0 ? 0 : await runLine(vm, line)
    if (vm.stop === 'script') {
      vm.stop = 'nothing'
      return status
    }
    if (vm.parts.language.endsScript(status)) return status
  }
  return status
}

/** Runs a script's lines from the top, and comes back to the script that ran it. */
const runScript = async (vm: Vm, image: Image): Promise<number> => {
  if (vm.depth >= MAX_DEPTH) vm.hang(`${MAX_DEPTH} scripts inside each other and no end`)
  const { running, workingUri } = vm
  vm.running = { image, script: parse(image.data, { magic: false }), next: 0, line: 1 }
  vm.workingUri = image.uri ?? workingUri
  vm.depth++
  const status = await runLines(vm)
  vm.depth--
  const failed = vm.running
  vm.running = running
  vm.workingUri = workingUri
  if (!running) vm.running = failed
  return status
}

/** Executes an image: a script runs and comes back, anything else takes the machine. */
export const runImage = async (vm: Vm, image: Image): Promise<number> => {
  if (image.type === undefined) return STATUS.notExecutable
  if (image.type !== 'script') return bootImage(vm, image)
  vm.images.remove(image)
  const status = await runScript(vm, image)
  if (vm.parts.language.keepsAfterRun(image)) vm.images.add(image)
  const { replacement } = image
  if (!replacement) return status
  delete image.replacement
  return runImage(vm, replacement)
}
