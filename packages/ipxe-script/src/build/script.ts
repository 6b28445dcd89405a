import { IpxeScriptError } from '../errors.ts'
import { SAFE_LINE_BYTES, SAFE_WORDS_PER_LINE } from '../syntax/index.ts'
import type { AnyProfile, Feature, Profile } from '../table/index.ts'
import { Block, type ScriptLine } from './block.ts'
import { Label } from './label.ts'
import { Remark } from './remark.ts'
import { type Need, Step, type StepVisitor } from './step.ts'

/** A script that has been checked and written. */
export class BuiltScript {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }

  toJSON(): string {
    return this.text
  }
}

type Flat = Label | Remark | Step

const flatten = (lines: readonly unknown[], into: Flat[]): Flat[] => {
  for (const line of lines) {
    if (line instanceof Step || line instanceof Label || line instanceof Remark) into.push(line)
    else if (Array.isArray(line)) flatten(line, into)
    else if (line instanceof Block)
      throw new IpxeScriptError(
        'ERR_IPXE_UNHANDLED',
        'a block can fail and nothing says what happens then; add .or(goto(x)), .orExit(), .orContinue() or .orEnd()',
      )
    else
      throw new IpxeScriptError(
        'ERR_IPXE_LINE',
        `${typeof line === 'function' ? 'a function that is not called' : String(line)} is no line of a script; a line is a command, a label, a comment or an array of lines`,
      )
  }
  return into
}

/** Names of the labels placed; labels of recipes are numbered where their name is taken. */
const nameLabels = (lines: readonly Flat[]): ReadonlyMap<Label, string> => {
  const names = new Map<Label, string>()
  const taken = new Set<string>()
  let hasLocal = false
  for (const line of lines) {
    if (!(line instanceof Label)) continue
    if (names.has(line))
      throw new IpxeScriptError(
        'ERR_IPXE_DUPLICATE_LABEL',
        `label ${line.name} is placed twice; iPXE goes to the first`,
      )
    names.set(line, line.name)
    if (line.local) hasLocal = true
    else if (taken.has(line.name))
      throw new IpxeScriptError(
        'ERR_IPXE_DUPLICATE_LABEL',
        `two labels are named ${line.name}; iPXE goes to the first`,
      )
    else taken.add(line.name)
  }
  if (!hasLocal) return names
  for (const label of names.keys()) {
    if (!label.local) continue
    let name = label.name
    for (let number = 2; taken.has(name); number++) name = `${label.name}-${number}`
    taken.add(name)
    names.set(label, name)
  }
  return names
}

const refuseFeature = (profile: AnyProfile, feature: string): never => {
  throw new IpxeScriptError(
    'ERR_IPXE_PROFILE',
    `${feature} is not in ${profile.name} (${profile.summary})`,
  )
}

const checkNeed = (profile: AnyProfile, { command, options, scheme }: Need): void => {
  // A verbatim line names no command, and nothing can be said of it.
  if (command === '') return
  if (!profile.features.has(command)) refuseFeature(profile, command)
  for (const option of options) {
    const feature = `${command} --${option}`
    if (!profile.features.has(feature)) refuseFeature(profile, feature)
  }
  if (scheme !== undefined && !profile.schemes.has(scheme))
    throw new IpxeScriptError(
      'ERR_IPXE_PROFILE',
      `${command} ${scheme}: ${profile.name} has no ${scheme}, only ${[...profile.schemes].join(' ')}`,
    )
}

const checkLimits = (line: string): void => {
  // No line shorter than this can break a limit: two characters a word, three bytes a character.
  if (line.length <= 2 * SAFE_WORDS_PER_LINE) return
  const words = line.split(' ').length
  if (words > SAFE_WORDS_PER_LINE)
    throw new IpxeScriptError(
      'ERR_IPXE_LIMIT',
      `a line has ${words} words; more than ${SAFE_WORDS_PER_LINE} overflow the stack of 32-bit iPXE`,
    )
  const bytes = new TextEncoder().encode(line).length
  if (bytes > SAFE_LINE_BYTES)
    throw new IpxeScriptError(
      'ERR_IPXE_LIMIT',
      `a line has ${bytes} bytes; ${SAFE_LINE_BYTES} are safe`,
    )
}

const lineOf = (line: Flat, names: ReadonlyMap<Label, string>): string => {
  if (line instanceof Label) return `:${names.get(line) ?? line.name}`
  if (line instanceof Remark) return line.render()
  const text = line.render(names)
  checkLimits(text)
  // A backslash at the end would join the next line to this one.
  return text.endsWith('\\') ? `${text}\${}` : text
}

/** Defines the helper settings that the encoder used: a byte by its code, then as the string of it. */
const prelude = (body: string): string => {
  if (!body.includes('${chr-')) return ''
  const codes = new Set(Array.from(body.matchAll(/\$\{chr-([0-9a-f]{2})\}/g), ([, code]) => code!))
  return Array.from(
    codes,
    (code) => `set chr-${code}:hex ${code}\nset chr-${code} \${chr-${code}:string}\n`,
  ).join('')
}

const withLine = (error: unknown, line: number): unknown =>
  error instanceof IpxeScriptError
    ? new IpxeScriptError(error.code, `line ${line}: ${error.message}`, {
        offset: 0,
        line,
        column: 1,
      })
    : error

const build = (profile: AnyProfile | undefined, lines: readonly unknown[]): BuiltScript => {
  if (profile !== undefined && !('features' in Object(profile)))
    throw new IpxeScriptError(
      'ERR_IPXE_PROFILE',
      `${JSON.stringify(profile)} is no profile; ipxe2Bios, ipxe2Efi, debian12, … and deriveProfile(…) are`,
    )
  const flat = flatten(lines, [])
  const names = nameLabels(flat)
  const visitor: StepVisitor = {
    label: (label) => {
      if (!names.has(label))
        throw new IpxeScriptError(
          'ERR_IPXE_UNKNOWN_LABEL',
          `goto ${label.name}: the script has no such label; place it`,
        )
    },
    need: (need) => {
      if (profile) checkNeed(profile, need)
    },
  }
  let body = ''
  let number = 1
  try {
    for (const line of flat) {
      number++
      if (line instanceof Step) {
        if (line.fallible)
          throw new IpxeScriptError(
            'ERR_IPXE_UNHANDLED',
            `${line.render(names)} can fail and nothing says what happens then; add .or(goto(x)), .orIgnore(), .orExit() or .orEnd()`,
          )
        line.visit(visitor)
      }
      body += `${lineOf(line, names)}\n`
    }
  } catch (error) {
    throw withLine(error, number)
  }
  return new BuiltScript(`#!ipxe\n${prelude(body)}${body}`)
}

/**
 * Writes a script: `String(script(…))` is its text.
 *
 * @throws {IpxeScriptError} where a line would not do what it says.
 */
export const script = (...lines: readonly ScriptLine[]): BuiltScript => build(undefined, lines)

/** The same for one iPXE build: a command or an option that it lacks does not compile, and is refused. */
export const scriptFor = <F extends Feature>(
  profile: Profile<F>,
  ...lines: readonly ScriptLine<NoInfer<F>>[]
): BuiltScript => build(profile, lines)
