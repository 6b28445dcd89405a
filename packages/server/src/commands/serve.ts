import { formatIssue } from '../config/format.ts'
import { startDaemon, type Daemon } from '../daemon/daemon.ts'
import { Reloader } from '../daemon/reload.ts'
import { summaryOf } from '../daemon/summary.ts'
import { openDataFolder } from '../host/data.ts'
import { chooseInterface, hostAddresses, type HostAddress } from '../host/interfaces.ts'
import { passedSockets } from '../host/passed.ts'
import { findIpxe } from '../ipxe/find.ts'
import { unpackedFolders, unpackIpxe } from '../ipxe/unpack.ts'
import { loadInThread } from '../load/thread.ts'
import { EventLog } from '../log/event-log.ts'
import { ServerError } from '../model/errors.ts'
import type { IpxeBinary } from '../model/ipxe-binaries.ts'
import type { Plan, ServerOverrides, ServerSettings } from '../model/plan.ts'
import type { FeatureRow, ServeContext } from '../seam/feature.ts'
import { rowWith } from '../seam/registry.ts'
import { catchHangups, type Hangups } from './hangup.ts'
import { portOf, readOptions } from './usage.ts'

export const serveUsage = (features: readonly FeatureRow[]): string => `bootwire serve [options]

  --config FILE         YAML configuration (default: an embedded one that installs nothing)
  --interface NAME      network interface to serve
  --address IP          address of that interface that machines are told
  --data-dir DIR        state and unpacked iPXE binaries
  --http-port N         default 8080
  --tftp-port N         default 69
  --dhcp-port N         default 67
  --boot-server-port N  default 4011
  --log pretty|json     default: pretty on a terminal, json otherwise
${features
  .flatMap(({ serveOptions = {} }) => Object.entries(serveOptions))
  .map(([name, summary]) => `  --${name.padEnd(19)} ${summary}\n`)
  .join('')}`

const OPTIONS = {
  config: { type: 'string', short: 'c' },
  interface: { type: 'string', short: 'i' },
  address: { type: 'string' },
  'data-dir': { type: 'string' },
  'http-port': { type: 'string' },
  'tftp-port': { type: 'string' },
  'dhcp-port': { type: 'string' },
  'boot-server-port': { type: 'string' },
  log: { type: 'string' },
} as const

type Values = { readonly [K in keyof typeof OPTIONS]?: string | undefined }

/** Options of features, which do something else instead of serving. */
const optionsOf = (features: readonly FeatureRow[]): Record<string, { type: 'boolean' }> =>
  Object.fromEntries(
    features
      .flatMap(({ serveOptions = {} }) => Object.keys(serveOptions))
      .map((name) => [name, { type: 'boolean' as const }]),
  )

/** What a feature's option says instead of serving; undefined where none is given. */
const saidInstead = async (
  features: readonly FeatureRow[],
  context: ServeContext,
): Promise<string | undefined> => {
  const name = Object.keys(optionsOf(features)).find((each) => context.given[each] === true)
  if (name === undefined) return undefined
  const feature = await rowWith(features, 'serveOptions', name)?.load()
  return feature?.serveOptions?.[name]?.(context)
}

/** What the command line says of where to serve. */
const overridesFrom = (values: Values): ServerOverrides => ({
  interface: values.interface,
  address: values.address,
  data: values['data-dir'],
  httpPort: portOf(values['http-port'], 'http-port'),
  tftpPort: portOf(values['tftp-port'], 'tftp-port'),
  dhcpPort: portOf(values['dhcp-port'], 'dhcp-port'),
  bootServerPort: portOf(values['boot-server-port'], 'boot-server-port'),
})

const pickInterface = ({ interface: name, address }: ServerSettings): HostAddress => {
  const wanted = { interface: name, address }
  const choice = chooseInterface(wanted, hostAddresses(wanted))
  if (choice.ok) return choice
  throw new ServerError('ERR_SERVER_INTERFACE', choice.message)
}

/** Finds iPXE; where there is none at all, fetches Debian's package into the data folder. */
const provideIpxe = async (
  plan: Pick<Plan, 'ipxe'>,
  data: string,
  signal: AbortSignal,
): Promise<IpxeBinary[]> => {
  const folders = unpackedFolders(data)
  const found = findIpxe(plan.ipxe, folders)
  if (found.some(({ path }) => path !== undefined)) return found
  process.stderr.write(
    'bootwire: no iPXE binaries here; fetching Debian’s ipxe package into the data folder\n',
  )
  const problem = await unpackIpxe(data, signal)
  if (problem !== undefined) process.stderr.write(`bootwire: ${problem}\n`)
  return findIpxe(plan.ipxe, folders)
}

/** Resolves with the signal that asks to stop; a second one ends the process at once. */
const stopSignal = (controller: AbortController): Promise<void> =>
  new Promise((stopped) => {
    const stop = () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort()
      stopped()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })

/** Reloads on SIGHUP and when a file changes. */
const watchConfig = async (
  file: string,
  overrides: ServerOverrides,
  { service }: Daemon,
  hangups: Hangups,
): Promise<Reloader> => {
  const ipxeFolders = unpackedFolders(service.configuration.server.data)
  const reloader = new Reloader({ file, service, overrides, ipxeFolders })
  hangups.handle(() => void reloader.reload())
  await reloader.watch()
  return reloader
}

/** `bootwire serve`: runs until SIGINT or SIGTERM. */
export const serve = async (
  args: readonly string[],
  features: readonly FeatureRow[],
): Promise<number> => {
  const values = readOptions(args, { ...optionsOf(features), ...OPTIONS })
  const format = values.log ?? (process.stdout.isTTY ? 'pretty' : 'json')
  if (format !== 'pretty' && format !== 'json') {
    throw new ServerError(
      'ERR_SERVER_USAGE',
      `--log ${JSON.stringify(format)} is neither pretty nor json`,
    )
  }
  const hangups = catchHangups()
  // In its own thread, as later reloads: what reading a file needs in memory goes with it.
  const overrides = overridesFrom(values)
  const loaded = await loadInThread(values.config, { overrides })
  if (!loaded.ok) {
    throw new ServerError('ERR_SERVER_CONFIG', loaded.issues.map(formatIssue).join('\n'))
  }
  const controller = new AbortController()
  const stopped = stopSignal(controller)
  const { configuration } = loaded
  const { server } = configuration
  const served = pickInterface(server)
  const { interface: interfaceName, address } = served
  const instead = await saidInstead(features, { configuration, served, given: values })
  if (instead !== undefined) {
    process.stdout.write(instead)
    return 0
  }
  const passed = passedSockets(served)
  openDataFolder(server.data)
  const ipxe = await provideIpxe(configuration, server.data, controller.signal)
  const log = new EventLog(process.stdout, format)
  if (controller.signal.aborted) return 0
  const daemon: Daemon = await startDaemon({
    configuration,
    interface: interfaceName,
    address,
    passed,
    data: server.data,
    ipxe,
    log,
    features,
  })
  process.stderr.write(summaryOf(daemon, interfaceName))
  const reloader =
    values.config === undefined
      ? undefined
      : await watchConfig(values.config, overrides, daemon, hangups)
  await stopped
  reloader?.close()
  await daemon.close()
  return 0
}
