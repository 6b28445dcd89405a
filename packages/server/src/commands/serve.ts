import {
  defineCommand,
  portNumber,
  type Command,
  type Context,
  type Options,
} from '@bootwire-internal/cli'

import { formatIssue } from '../config/format.ts'
import { startDaemon, type Daemon } from '../daemon/daemon.ts'
import { Reloader } from '../daemon/reload.ts'
import { summaryOf } from '../daemon/summary.ts'
import { openDataFolder } from '../host/data.ts'
import {
  addressNow,
  chooseInterface,
  hostAddresses,
  isInterface,
  type HostAddress,
  type WantedInterface,
} from '../host/interfaces.ts'
import { hasPassedSockets, passedSockets } from '../host/passed.ts'
import { DEFAULT_USER, giveTo, privilegesFor, runAs } from '../host/privileges.ts'
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

const OPTIONS = {
  config: {
    value: 'FILE',
    short: 'c',
    summary: 'YAML configuration; default: an embedded one that installs nothing',
  },
  interface: { value: 'NAME', short: 'i', summary: 'network interface to serve' },
  address: { value: 'IP', summary: 'address of that interface that machines are told' },
  'data-dir': { value: 'DIR', summary: 'state and unpacked iPXE binaries' },
  user: {
    value: 'NAME',
    summary: `whom root's daemon becomes; default: ${DEFAULT_USER}, where there is one`,
  },
  'http-port': { value: 'PORT', summary: 'default: 8080', read: portNumber },
  'tftp-port': { value: 'PORT', summary: 'default: 69', read: portNumber },
  'dhcp-port': { value: 'PORT', summary: 'default: 67', read: portNumber },
  'boot-server-port': { value: 'PORT', summary: 'default: 4011', read: portNumber },
  log: {
    value: 'FORM',
    summary: 'default: pretty on a terminal, json otherwise',
    choices: ['pretty', 'json'],
  },
} as const satisfies Options

type Values = Context<typeof OPTIONS>['options']

/** What the command line says of where to serve. */
const overridesFrom = (values: Values): ServerOverrides => ({
  interface: values.interface,
  address: values.address,
  data: values['data-dir'],
  httpPort: values['http-port'],
  tftpPort: values['tftp-port'],
  dhcpPort: values['dhcp-port'],
  bootServerPort: values['boot-server-port'],
})

/** Options of features, which do something else instead of serving. */
const optionsOf = (features: readonly FeatureRow[]): Options =>
  Object.fromEntries(
    features
      .flatMap(({ serveOptions = {} }) => Object.entries(serveOptions))
      .map(([name, summary]) => [name, { summary }]),
  )

/** The options of `serve` and those of features. */
const withOptionsOf = (features: readonly FeatureRow[]): typeof OPTIONS => ({
  ...OPTIONS,
  ...optionsOf(features),
})

/** What a feature's option says instead of serving; undefined where none is given. */
const saidInstead = async (
  features: readonly FeatureRow[],
  given: ServeContext['given'],
  contextOf: () => Omit<ServeContext, 'given'>,
): Promise<string | undefined> => {
  const name = Object.keys(optionsOf(features)).find((each) => given[each] === true)
  if (name === undefined) return undefined
  const context = { ...contextOf(), given }
  const feature = await rowWith(features, 'serveOptions', name)?.load()
  return feature?.serveOptions?.[name]?.(context)
}

/** What to serve: an interface that is named without an address is followed, whatever its address becomes. */
const pickInterfaces = (server: ServerSettings): readonly WantedInterface[] => {
  const { interface: name, address, interfaces } = server
  if (interfaces) return interfaces.map((each) => ({ interface: each }))
  const wanted = { interface: name, address }
  const choice = chooseInterface(wanted, hostAddresses(wanted))
  if (choice.ok) return [{ interface: choice.interface, ...(address !== undefined && { address }) }]
  // It may get its address from DHCP, after the boot of this host.
  if (name !== undefined && address === undefined && isInterface(name)) {
    const has = hostAddresses(wanted).some((each) => each.interface === name)
    if (!has) return [{ interface: name }]
  }
  throw new ServerError('ERR_SERVER_INTERFACE', choice.message)
}

/** Finds iPXE; where there is none at all, fetches Debian's package into the data folder. */
const provideIpxe = async (
  plan: Pick<Plan, 'ipxe'>,
  data: string,
  signal: AbortSignal,
): Promise<IpxeBinary[]> => {
  const folders = unpackedFolders(data)
  const found = findIpxe(plan, folders)
  if (found.some(({ path }) => path !== undefined)) return found
  process.stderr.write(
    'bootwire: no iPXE binaries here; fetching Debian’s ipxe package into the data folder\n',
  )
  const problem = await unpackIpxe(data, signal)
  if (problem !== undefined) process.stderr.write(`bootwire: ${problem}\n`)
  return findIpxe(plan, folders)
}

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

/** The one interface that an option or passed sockets are for. */
const onlyOne = (wanted: readonly WantedInterface[], what: string): HostAddress => {
  const [one, ...more] = wanted
  const address = one && addressNow(one)
  if (one && address !== undefined && more.length === 0)
    return { interface: one.interface, address }
  const which = wanted.map(({ interface: name }) => name).join(', ')
  throw new ServerError(
    'ERR_SERVER_INTERFACE',
    `${what} one interface that has an address; of ${which}, name one with --interface`,
  )
}

const isStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((stopped) => {
    if (signal.aborted) stopped()
    else signal.addEventListener('abort', () => stopped(), { once: true })
  })

/** `bootwire serve`: runs until SIGINT or SIGTERM. */
export const serveCommand = (features: readonly FeatureRow[]): Command =>
  defineCommand({
    summary: 'serve network boot beside your DHCP server',
    options: withOptionsOf(features),
    run: async ({ options: values, signal, stdout, stderr, warn }) => {
      const format = values.log ?? (stdout.isTTY ? 'pretty' : 'json')
      const overrides = overridesFrom(values)
      const hangups = catchHangups()
      // In its own thread, as later reloads: what reading a file needs in memory goes with it.
      const loaded = await loadInThread(values.config, { overrides })
      if (!loaded.ok) {
        throw new ServerError('ERR_SERVER_CONFIG', loaded.issues.map(formatIssue).join('\n'))
      }
      const { configuration } = loaded
      const { server } = configuration
      const wanted = pickInterfaces(server)
      const instead = await saidInstead(features, { ...values }, () => ({
        configuration,
        served: onlyOne(wanted, 'units are printed for'),
      }))
      if (instead !== undefined) {
        stdout.write(instead)
        return 0
      }
      const only = hasPassedSockets() ? onlyOne(wanted, 'systemd passes the sockets of') : undefined
      const passed = only && passedSockets(only)
      openDataFolder(server.data)
      const read = [process.argv[1], values.config].filter((file) => file !== undefined)
      const privileges = privilegesFor(values.user, read, server.data)
      if (privileges?.kind === 'drop') {
        giveTo(privileges.user, server.data)
        return runAs(privileges.user)
      }
      if (privileges) warn(`runs as root: ${privileges.why}`)
      const ipxe = await provideIpxe(configuration, server.data, signal)
      const log = new EventLog(stdout, format)
      if (signal.aborted) return 0
      const daemon: Daemon = await startDaemon({
        configuration,
        interfaces: only ? [only] : wanted,
        ...(passed && { passed }),
        data: server.data,
        ipxe,
        log,
        features,
      })
      stderr.write(summaryOf(daemon))
      const reloader =
        values.config === undefined
          ? undefined
          : await watchConfig(values.config, overrides, daemon, hangups)
      await isStopped(signal)
      reloader?.close()
      await daemon.close()
      return 0
    },
  })
