import {
  defineCommand,
  nameAndValue,
  UsageError,
  type Command,
  type Context,
  type Options,
} from '@bootwire-internal/cli'

import { folder, type Machine, parsePress, type Press, run, type RunOptions } from '../run/index.ts'
import { hasMagic } from '../syntax/index.ts'
import { PROFILES } from '../table/index.ts'
import { FileError } from './file-error.ts'
import { readScript, requireFolder } from './files.ts'
import { profilesNamed } from './lint.ts'

const readPress = (text: string): Press => {
  const press = parsePress(text)
  if (!press) throw new UsageError('is not KEY or KEY@TIME, as b@2s')
  return press
}

/** What `${buildarch}` can say. */
const BUILD_ARCHITECTURES = [
  'i386',
  'x86_64',
  'arm32',
  'arm64',
  'loong64',
  'riscv32',
  'riscv64',
] as const

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const readLike =
  (pattern: RegExp, example: string) =>
  (text: string): string => {
    if (pattern.test(text)) return text
    throw new UsageError(`is not like ${example}`)
  }

const OPTIONS = {
  mac: { value: 'MAC', summary: 'hardware address', read: readLike(MAC, '52:54:00:12:34:56') },
  arch: { value: 'ARCH', summary: 'its ${buildarch}', choices: BUILD_ARCHITECTURES },
  serial: { value: 'SERIAL', summary: 'serial number' },
  uuid: {
    value: 'UUID',
    summary: 'UUID of the machine',
    read: readLike(UUID, '4c4c4544-0033-3510-8052-b4c04f4d3332'),
  },
  platform: { value: 'PLATFORM', summary: 'its firmware', choices: ['pcbios', 'efi'] },
  profile: { value: 'NAME', summary: 'the iPXE build', choices: [...PROFILES.keys()] },
  press: {
    value: 'KEY@TIME',
    summary: 'press a key, as b@2s',
    multiple: true,
    read: readPress,
  },
  set: {
    value: 'NAME=VALUE',
    summary: 'a setting beforehand',
    multiple: true,
    read: nameAndValue,
  },
  serve: { value: 'DIR', summary: 'files of its network, by the paths of their URLs' },
  url: { value: 'URL', summary: 'where the script came from' },
  json: { summary: 'outcome and trace as JSON' },
} as const satisfies Options

const machineOf = ({
  mac,
  arch,
  serial,
  uuid,
  platform,
  set,
}: Context<typeof OPTIONS>['options']): Machine => ({
  settings: Object.fromEntries(set),
  ...(mac !== undefined && { mac }),
  ...(arch !== undefined && { buildarch: arch }),
  ...(serial !== undefined && { serial }),
  ...(uuid !== undefined && { uuid }),
  ...(platform !== undefined && { platform }),
})

/** Letters on the console beyond which a page of them is shown; a value that doubles makes megabytes. */
const MUCH = 20_000

/** Lines, and letters of each, that are shown of a script that never ends. */
const PAGE = { lines: 30, width: 200 }

/** The first of many lines; the last one says what is left out. */
const page = (lines: readonly string[], what: string): readonly string[] => {
  const shown = lines
    .slice(0, PAGE.lines)
    .map((line) => (line.length > PAGE.width ? `${line.slice(0, PAGE.width)}…` : line))
  return lines.length > PAGE.lines
    ? [...shown, `… and ${lines.length - PAGE.lines} more ${what}; --json has them`]
    : shown
}

/** `bootwire-ipxe run`: what a machine would do with the script. */
export const runCommand: Command = defineCommand({
  summary: 'show what a machine would do with a script',
  positionals: 'FILE',
  options: OPTIONS,
  run: async ({ options: flags, positionals: [file], stdin, stdout, print, printJson }) => {
    const [profile] = profilesNamed(flags.profile === undefined ? [] : [flags.profile])
    if (flags.serve !== undefined) await requireFolder(flags.serve)
    const options: RunOptions = {
      machine: machineOf(flags),
      keys: flags.press,
      ...(profile && { profile }),
      ...(flags.url !== undefined && { uri: flags.url }),
      ...(flags.serve !== undefined && { network: folder(flags.serve) }),
    }
    const { text, bytes } = await readScript(file, stdin)
    if (!hasMagic(text))
      throw new FileError(
        `${file} does not begin with #!ipxe and white space, so iPXE does not recognise it as a script: Could not boot: Exec format error`,
      )
    const { outcome, summary, trace, console, elapsedMs } = await run(bytes, options)
    if (flags.json) {
      printJson({ outcome, trace, console, elapsedMs })
    } else {
      const isMuch = outcome.kind === 'hangs' || console.length > MUCH
      const lines = trace.map(
        ({ script, line, command, status }) =>
          `${script === '' ? file : script}:${line}: ${command.join(' ')}${status === 0 ? '' : `  [status 0x${status.toString(16)}]`}`,
      )
      for (const line of isMuch ? page(lines, 'steps') : lines) print(line)
      const shown = isMuch ? page(console.split('\n'), 'lines').join('\n') : console
      stdout.write(`${shown}${shown === '' || shown.endsWith('\n') ? '' : '\n'}`)
      print(`${summary} (after ${elapsedMs / 1000} s)`)
    }
    return outcome.kind === 'fails' || outcome.kind === 'hangs' ? 1 : 0
  },
})
