import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

import { SocketHelperError } from './errors.ts'
import { createHelper, type SocketHelper } from './helper.ts'
import { isNative } from './native.ts'

/** The helper, or why there is none. */
export type LoadResult =
  | { readonly helper: SocketHelper; readonly reason?: never }
  | { readonly helper?: never; readonly reason: string }

/** Where to look and for what; the defaults are this process and this package. */
export interface LoadOptions {
  readonly platform?: string
  readonly cpu?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Folders that may hold `linux-x64.node` and its like, the first that has it counts. */
  readonly folders?: readonly URL[]
}

/** Turns the helper off: `BOOTWIRE_SOCKET_HELPER=off`. */
export const SWITCH = 'BOOTWIRE_SOCKET_HELPER'

/** In this workspace `prebuilt/`; in a published package the build has put a copy beside, or above, the bundled code. */
const FOLDERS = ['../prebuilt/', './socket-helper/', '../socket-helper/'].map(
  (folder) => new URL(folder, import.meta.url),
)

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** A socket is opened and made to cut what it sends: what every kernel that can use the helper allows. */
const tryOut = (helper: SocketHelper): void => {
  const fd = helper.openUdp({ address: '127.0.0.1', port: 0, segmentBytes: 512 })
  helper.setSegment(fd, 0)
  helper.close(fd)
}

/** Loads the helper for a CPU from the first folder that has it. */
export const loadFrom = (options: LoadOptions = {}): LoadResult => {
  const { platform = process.platform, cpu = process.arch, env = process.env } = options
  const wanted = env[SWITCH]
  if (wanted === 'off') return { reason: `${SWITCH} is off` }
  if (platform !== 'linux') return { reason: `the socket helper is for Linux, this is ${platform}` }
  const name = `linux-${cpu}.node`
  const file = (options.folders ?? FOLDERS)
    .map((folder) => new URL(name, folder))
    .find((url) => existsSync(url))
  if (!file) return { reason: `there is no socket helper for ${cpu}: ${name} is missing` }
  try {
    const native: unknown = createRequire(import.meta.url)(fileURLToPath(file))
    if (!isNative(native)) throw new Error(`${name} is of another version`)
    const helper = createHelper(native)
    tryOut(helper)
    return { helper }
  } catch (error) {
    const what = error instanceof SocketHelperError ? 'this kernel refuses it' : 'it does not load'
    return { reason: `the socket helper is not used: ${what}: ${messageOf(error)}` }
  }
}

let loaded: LoadResult | undefined

/** Loads the helper once for this process. Never throws: without it everything works, more slowly. */
export const loadSocketHelper = (): LoadResult => (loaded ??= loadFrom())
