import { resolve } from 'node:path'

import { defineFeature, type ServeContext } from '../../seam/feature.ts'
import { serverUnits } from './units.ts'

/** The units that start this very program as it was started; systemd says where its state goes. */
const unitsFor = ({ configuration, served, given }: ServeContext): string => {
  const { config, 'http-port': httpPort } = given
  const program = [process.execPath, ...process.execArgv, resolve(process.argv[1] ?? 'bootwire')]
  const network = ['--interface', served.interface, '--address', served.address]
  const rest = [
    ...(typeof config === 'string' ? ['--config', resolve(config)] : []),
    ...(httpPort === undefined ? [] : ['--http-port', String(httpPort)]),
  ]
  const command = [...program, 'serve', ...network, ...rest]
  return serverUnits({ ...served, dhcp: configuration.server.dhcp.enabled, command })
}

/** `bootwire serve --print-units`: systemd units that serve without root. */
export const feature = defineFeature({ serveOptions: { 'print-units': unitsFor } })
