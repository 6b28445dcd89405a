import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { messageOf, ServerError } from '../model/errors.ts'

/** Where state goes unless told: where systemd says, below /var/lib for root, as XDG says for a user. */
export const defaultDataFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  const { STATE_DIRECTORY } = env
  if (STATE_DIRECTORY !== undefined) return STATE_DIRECTORY
  if (process.getuid?.() === 0) return '/var/lib/bootwire'
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'bootwire')
}

/** Makes the data folder, for this user's eyes only: it holds the keys of report tokens. */
export const openDataFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const message = `cannot use the data folder ${folder}: ${messageOf(error)}; give another with --data-dir`
    throw new ServerError('ERR_SERVER_DATA', message, { cause: error })
  }
}

/** How the commands find the running daemon. */
export interface DaemonFile {
  readonly pid: number
  readonly base: string
  /** Path of its admin socket. */
  readonly socket: string
}

export const daemonFile = (folder: string): string => join(folder, 'daemon.json')
