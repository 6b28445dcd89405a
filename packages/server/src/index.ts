/**
 * The Bootwire daemon: network boot beside your DHCP server, from one YAML file, explained.
 */
export { startDaemon, type Daemon, type DaemonOptions, type DaemonPorts } from './daemon/daemon.ts'
export { SERVER_ERROR_CODES, ServerError, type ServerErrorCode } from './model/errors.ts'
export {
  openConfiguration,
  type DhcpQuestion,
  type OpenedConfiguration,
  type OpenOptions,
} from './daemon/open.ts'
