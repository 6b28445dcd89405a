import { folder, type Machine, parsePress, type Press, run, type RunOptions } from '../run/index.ts'
import { hasMagic } from '../syntax/index.ts'
import { readScript, requireFolder } from './files.ts'
import { FileError, type Io, UsageError } from './io.ts'
import { profilesNamed } from './lint.ts'

export interface RunFlags {
  readonly mac?: string | undefined
  readonly arch?: string | undefined
  readonly platform?: string | undefined
  readonly serial?: string | undefined
  readonly uuid?: string | undefined
  readonly profile: readonly string[]
  readonly press: readonly string[]
  readonly set: readonly string[]
  readonly serve?: string | undefined
  readonly url?: string | undefined
  readonly json: boolean
}

const pressOf = (text: string): Press => {
  const press = parsePress(text)
  if (!press) throw new UsageError(`--press ${text} is not KEY or KEY@TIME, as b@2s`)
  return press
}

const platformOf = (name: string | undefined): Machine['platform'] => {
  if (name === undefined || name === 'efi' || name === 'pcbios') return name
  throw new UsageError(`--platform ${name} is not pcbios or efi`)
}

/** What `${buildarch}` can say. */
const BUILD_ARCHITECTURES: readonly string[] = [
  'i386',
  'x86_64',
  'arm32',
  'arm64',
  'loong64',
  'riscv32',
  'riscv64',
]

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const machineOf = (flags: RunFlags): Machine => {
  const { arch, mac, uuid } = flags
  if (arch !== undefined && !BUILD_ARCHITECTURES.includes(arch))
    throw new UsageError(`--arch ${arch} is not one of ${BUILD_ARCHITECTURES.join(', ')}`)
  if (mac !== undefined && !MAC.test(mac))
    throw new UsageError(`--mac ${mac} is not like 52:54:00:12:34:56`)
  if (uuid !== undefined && !UUID.test(uuid))
    throw new UsageError(`--uuid ${uuid} is not like 4c4c4544-0033-3510-8052-b4c04f4d3332`)
  const platform = platformOf(flags.platform)
  const settings = Object.fromEntries(
    flags.set.map((text): [string, string] => {
      const equals = text.indexOf('=')
      if (equals < 1) throw new UsageError(`--set ${text} is not NAME=VALUE`)
      return [text.slice(0, equals), text.slice(equals + 1)]
    }),
  )
  return {
    settings,
    ...(flags.mac !== undefined && { mac: flags.mac }),
    ...(arch !== undefined && { buildarch: arch }),
    ...(flags.serial !== undefined && { serial: flags.serial }),
    ...(flags.uuid !== undefined && { uuid: flags.uuid }),
    ...(platform !== undefined && { platform }),
  }
}

/** `run FILE [--mac …] [--press KEY@TIME] [--serve DIR]`: what a machine would do with the script. */
export const runCommand = async (
  files: readonly string[],
  flags: RunFlags,
  io: Io,
): Promise<number> => {
  const [file] = files
  if (file === undefined || files.length > 1)
    throw new UsageError(`run has ${files.length} files and takes 1`)
  const [profile, another] = profilesNamed(flags.profile)
  if (another) throw new UsageError(`run has ${flags.profile.length} profiles and takes 1`)
  if (flags.serve !== undefined) await requireFolder(flags.serve)
  const options: RunOptions = {
    machine: machineOf(flags),
    keys: flags.press.map(pressOf),
    ...(profile && { profile }),
    ...(flags.url !== undefined && { uri: flags.url }),
    ...(flags.serve !== undefined && { network: folder(flags.serve) }),
  }
  const text = await readScript(file, io)
  if (!hasMagic(text))
    throw new FileError(
      `${file} does not begin with #!ipxe and white space, so iPXE does not recognise it as a script: Could not boot: Exec format error`,
    )
  const { outcome, summary, trace, console, elapsedMs } = await run(text, options)
  if (flags.json) {
    io.out(`${JSON.stringify({ outcome, trace, console, elapsedMs }, null, 2)}\n`)
  } else {
    for (const { script, line, command, status } of trace)
      io.out(
        `${script === '' ? file : script}:${line}: ${command.join(' ')}${status === 0 ? '' : `  [status 0x${status.toString(16)}]`}\n`,
      )
    io.out(`${console}${console === '' || console.endsWith('\n') ? '' : '\n'}`)
    io.out(`${summary} (after ${elapsedMs / 1000} s)\n`)
  }
  return outcome.kind === 'fails' || outcome.kind === 'hangs' ? 1 : 0
}
