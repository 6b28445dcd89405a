import { resolve } from 'node:path'

import {
  defineCommand,
  portNumber,
  type Command,
  type Context,
  type Options,
} from '@bootwire-internal/cli'

import { loadModules } from '../activate.ts'
import { formatIssue } from '../config/format.ts'
import type { Plan, ServerSettings } from '../config/plan.ts'
import { loadInThread } from '../config/thread.ts'
import { startDaemon, type Daemon } from '../daemon.ts'
import { ServerError } from '../errors.ts'
import { EventLog } from '../events/log.ts'
import { defaultDataFolder, openDataFolder } from '../host/data.ts'
import { chooseInterface, hostAddresses, type HostAddress } from '../host/interfaces.ts'
import { passedSockets } from '../host/passed.ts'
import { serverUnits } from '../host/units.ts'
import { findIpxe, type IpxeBinary } from '../ipxe/find.ts'
import { unpackedFolders, unpackIpxe } from '../ipxe/unpack.ts'
import { Reloader } from '../reload.ts'
import { summaryOf } from '../summary.ts'
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
  'http-port': { value: 'PORT', summary: 'default: 8080', read: portNumber },
  'tftp-port': { value: 'PORT', summary: 'default: 69', read: portNumber },
  'dhcp-port': { value: 'PORT', summary: 'default: 67', read: portNumber },
  'boot-server-port': { value: 'PORT', summary: 'default: 4011', read: portNumber },
  log: {
    value: 'FORM',
    summary: 'default: pretty on a terminal, json otherwise',
    choices: ['pretty', 'json'],
  },
  'print-units': { summary: 'print systemd units that serve without root, and end' },
} as const satisfies Options

type Values = Context<typeof OPTIONS>['options']

/** The command line wins over the file. */
const settingsFrom = (server: ServerSettings, values: Values): ServerSettings => {
  const { dhcp, tftp, http } = server
  const interfaceName = values.interface ?? server.interface
  const address = values.address ?? server.address
  return {
    ...server,
    ...(interfaceName !== undefined && { interface: interfaceName }),
    ...(address !== undefined && { address }),
    data: values['data-dir'] ?? (server.data === '' ? defaultDataFolder() : server.data),
    dhcp: {
      ...dhcp,
      port: values['dhcp-port'] ?? dhcp.port,
      bootServerPort: values['boot-server-port'] ?? dhcp.bootServerPort,
    },
    tftp: { port: values['tftp-port'] ?? tftp.port },
    http: { ...http, port: values['http-port'] ?? http.port },
  }
}

const pickInterface = ({ interface: name, address }: ServerSettings): HostAddress => {
  const wanted = { interface: name, address }
  const choice = chooseInterface(wanted, hostAddresses(wanted))
  if (choice.ok) return choice
  throw new ServerError('ERR_SERVER_INTERFACE', choice.message)
}

/** The units that start this very program as it was started; systemd says where its state goes. */
const unitsFor = (values: Values, { dhcp }: ServerSettings, served: HostAddress): string => {
  const { config, 'http-port': httpPort } = values
  const program = [process.execPath, ...process.execArgv, resolve(process.argv[1] ?? 'bootwire')]
  const network = ['--interface', served.interface, '--address', served.address]
  const rest = [
    ...(config === undefined ? [] : ['--config', resolve(config)]),
    ...(httpPort === undefined ? [] : ['--http-port', String(httpPort)]),
  ]
  const command = [...program, 'serve', ...network, ...rest]
  return serverUnits({ ...served, dhcp: dhcp.enabled, command })
}

/** Finds iPXE; where there is none at all, fetches Debian's package into the data folder. */
const provideIpxe = async (
  plan: Plan,
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

/** Reloads on SIGHUP and when a file changes. */
const watchConfig = async (
  file: string,
  values: Values,
  daemon: Daemon,
  hangups: Hangups,
): Promise<Reloader> => {
  const { service } = daemon
  const { data } = service.active.book.plan.server
  const reloader = new Reloader({
    file,
    service,
    override: (server) => settingsFrom(server, values),
    ipxeFolders: unpackedFolders(data),
  })
  hangups.handle(() => void reloader.reload())
  await reloader.watch()
  return reloader
}

const isStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((stopped) => {
    if (signal.aborted) stopped()
    else signal.addEventListener('abort', () => stopped(), { once: true })
  })

/** `bootwire serve`: runs until SIGINT or SIGTERM. */
export const serve: Command = defineCommand({
  summary: 'serve network boot beside your DHCP server',
  options: OPTIONS,
  run: async ({ options: values, signal, stdout, stderr }) => {
    const format = values.log ?? (stdout.isTTY ? 'pretty' : 'json')
    const hangups = catchHangups()
    // In its own thread, as later reloads: what reading a file needs in memory goes with it.
    const loaded = await loadInThread(values.config)
    if (!loaded.ok) {
      throw new ServerError('ERR_SERVER_CONFIG', loaded.issues.map(formatIssue).join('\n'))
    }
    const server = settingsFrom(loaded.book.plan.server, values)
    const plan: Plan = { ...loaded.book.plan, server }
    const served = pickInterface(server)
    const { interface: interfaceName, address } = served
    if (values['print-units']) {
      stdout.write(unitsFor(values, server, served))
      return 0
    }
    const passed = passedSockets(served)
    openDataFolder(server.data)
    const active = { book: { ...loaded.book, plan }, modules: await loadModules(plan) }
    const ipxe = await provideIpxe(plan, server.data, signal)
    const log = new EventLog(stdout, format)
    if (signal.aborted) return 0
    const daemon: Daemon = await startDaemon({
      active,
      interface: interfaceName,
      address,
      passed,
      data: server.data,
      ipxe,
      log,
    })
    stderr.write(summaryOf(daemon, interfaceName))
    const reloader =
      values.config === undefined
        ? undefined
        : await watchConfig(values.config, values, daemon, hangups)
    await isStopped(signal)
    reloader?.close()
    await daemon.close()
    return 0
  },
})
