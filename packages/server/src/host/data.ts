import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

import writeFileAtomic from 'write-file-atomic'

import { messageOf, ServerError } from '../model/errors.ts'

/** Where state goes unless told: where systemd says, below /var/lib for root, as XDG says for a user. */
export const defaultDataFolder = (env: NodeJS.ProcessEnv = process.env): string => {
  const { STATE_DIRECTORY } = env
  if (STATE_DIRECTORY !== undefined) return STATE_DIRECTORY
  if (process.getuid?.() === 0) return '/var/lib/bootwire'
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'bootwire')
}

/** Makes the data folder, for this user's eyes only: it holds the key of report tokens. */
export const openDataFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const message = `cannot use the data folder ${folder}: ${messageOf(error)}; give another with --data-dir`
    throw new ServerError('ERR_SERVER_DATA', message, { cause: error })
  }
}

const KEY_BYTES = 32

export interface TokenKey {
  readonly key: Buffer
  /** What was wrong with the one that there was, and where it now is. */
  readonly corrupt?: { readonly problem: string; readonly keptAs: string }
}

/**
 * The key that report tokens are made with; it outlives restarts, so that running installations can report. One that is
 * none is renamed, so that nothing is lost and the daemon starts.
 */
export const tokenKeyOf = (folder: string, now: () => number = Date.now): TokenKey => {
  const path = join(folder, 'token.key')
  try {
    const found = readIfThere(path)
    if (found?.length === KEY_BYTES) return { key: found }
    const key = randomBytes(KEY_BYTES)
    if (!found) {
      writeFileAtomic.sync(path, key, { mode: 0o600 })
      return { key }
    }
    const keptAs = asideName(path, now())
    renameSync(path, keptAs)
    writeFileAtomic.sync(path, key, { mode: 0o600 })
    const problem = `the key of report tokens has ${found.length} bytes, not ${KEY_BYTES}; a new one is used, and installations that are running cannot report`
    return { key, corrupt: { problem, keptAs } }
  } catch (error) {
    throw new ServerError('ERR_SERVER_DATA', `cannot use ${path}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

const readIfThere = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** What a file that cannot be used is renamed to. */
export const asideName = (path: string, nowMs: number): string =>
  `${path}.corrupt-${new Date(nowMs).toISOString().replaceAll(':', '')}`

/** How the commands find the running daemon. */
export interface DaemonFile {
  readonly pid: number
  readonly base: string
}

export const daemonFile = (folder: string): string => join(folder, 'daemon.json')
