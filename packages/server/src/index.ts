/**
 * The Bootwire daemon: network boot beside your DHCP server, from one YAML file, explained.
 */
import { open, type OpenedConfiguration, type OpenOptions } from './daemon/open.ts'
import { FEATURES } from './features/index.ts'

export type { DhcpQuestion, OpenedConfiguration, OpenOptions } from './daemon/open.ts'
export { SERVER_ERROR_CODES, ServerError, type ServerErrorCode } from './model/errors.ts'

/**
 * Opens a configuration for tests of it: scripts and answers over HTTP on a free port, and DHCP's decision by function.
 * @throws {ServerError} `ERR_SERVER_CONFIG`
 */
export const openConfiguration = (options: OpenOptions): Promise<OpenedConfiguration> =>
  open({ ...options, features: FEATURES })
