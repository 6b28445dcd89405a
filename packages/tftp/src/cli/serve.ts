import { statSync } from 'node:fs'

import type { TransferRecord } from '../channels.ts'
import { TftpError } from '../errors.ts'
import { createTftpServer } from '../server/create-server.ts'
import { directory, type WritePolicy } from '../server/directory.ts'
import type { ListenOptions, TftpServerSettings } from '../server/options.ts'
import { readable } from './progress.ts'
import type { Streams } from './transfer.ts'

/** What `serve` was asked to do. */
export interface ServeOptions {
  readonly root: string
  readonly settings: TftpServerSettings
  readonly listen: ListenOptions
  readonly ignoreCase: boolean
  readonly write: WritePolicy | undefined
  readonly json: boolean
}

/** Names come from the network: control characters must not reach a terminal. */
const shown = (name: string): string => JSON.stringify(name)

const lineOf = ({
  outcome,
  operation,
  peer,
  file,
  bytes,
  durationMs,
  resends,
  errorMessage,
}: TransferRecord): string => {
  const why = errorMessage ? `: ${shown(errorMessage)}` : ''
  const how = `${readable(bytes)} in ${(durationMs / 1000).toFixed(2)} s, ${resends} resent`
  return `${outcome} ${operation} ${shown(file)} ${peer.address}:${peer.port} ${how}${why}\n`
}

const folderOf = (root: string): string => {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return root
  throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', `${root} is no folder; serve takes one`)
}

/** What to do about a port that cannot be had, where the system's own words do not say it. */
const adviceOn = (error: unknown): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const advice =
    code === 'EADDRINUSE'
      ? 'another program has this port; stop it, or choose --host or --port'
      : code === 'EACCES'
        ? 'ports below 1024 need root or cap_net_bind_service; or choose --port'
        : undefined
  if (advice === undefined || !(error instanceof Error)) return error
  return new TftpError('ERR_TFTP_NO_SOCKET', `${error.message}: ${advice}`, { cause: error })
}

/** Serves until `signal` is aborted; then lets transfers end. */
export const runServe = async (
  { stdout, stderr }: Streams,
  { root, settings, listen, ignoreCase, write, json }: ServeOptions,
  signal: AbortSignal,
): Promise<void> => {
  const onTransfer = (record: TransferRecord) => {
    stdout.write(json ? `${JSON.stringify(record)}\n` : lineOf(record))
  }
  const handlers = directory({ root: folderOf(root), ignoreCase, ...(write ? { write } : {}) })
  const server = createTftpServer({ ...settings, ...handlers, onTransfer })
  const { addresses, port } = await server.listen(listen).catch((error: unknown) => {
    throw adviceOn(error)
  })
  stderr.write(
    `serving ${root} on ${addresses.map((address) => shownAddress(address, port)).join(', ')}\n`,
  )
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await server.close()
}

const shownAddress = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
