import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { userInfo } from 'node:os'
import { text } from 'node:stream/consumers'

import { UsageError, type Options } from '@bootwire-internal/cli'

import { daemonFile, defaultDataFolder } from '../host/data.ts'
import { USER_HEADER } from '../http/admin/access.ts'
import { messageOf, ServerError } from '../model/errors.ts'

const readUrl = (given: string): string => {
  if (/^https?:/.test(given) && URL.canParse(given)) return given.replace(/\/+$/, '')
  throw new UsageError('is no URL such as http://10.0.0.5:8081')
}

/** Options of the commands that ask the running daemon. */
export const REMOTE_OPTIONS = {
  'data-dir': { value: 'DIR', summary: "the daemon's data folder, to find its socket by" },
  url: {
    value: 'URL',
    summary: "the daemon's admin address instead, http://10.0.0.5:8081",
    read: readUrl,
  },
  'token-file': { value: 'FILE', summary: 'file with the token for that address' },
} as const satisfies Options

/** How a running daemon is asked: by its socket on this host, or over TCP with a token. */
export type Daemon =
  | { readonly socket: string }
  | { readonly url: string; readonly token: string | undefined }

const ASK_TIMEOUT_MS = 30_000

const readToken = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    const message = `cannot read the token in ${file}: ${messageOf(error)}`
    throw new ServerError('ERR_SERVER_USAGE', message, { cause: error })
  }
}

/** The daemon that the options mean. */
export const findDaemon = (values: {
  readonly url?: string | undefined
  readonly 'data-dir'?: string | undefined
  readonly 'token-file'?: string | undefined
}): Daemon => {
  const { url, 'token-file': tokenFile } = values
  if (url !== undefined)
    return { url, token: tokenFile === undefined ? undefined : readToken(tokenFile) }
  const path = daemonFile(values['data-dir'] ?? defaultDataFolder())
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof file === 'object' && file !== null && 'socket' in file)
      return { socket: String(file.socket) }
    throw new Error('it names no socket')
  } catch (error) {
    const message = `no running daemon found by ${path} (${messageOf(error)}); give --data-dir or --url`
    throw new ServerError('ERR_SERVER_NOT_RUNNING', message, { cause: error })
  }
}

const nameOf = (daemon: Daemon): string => ('url' in daemon ? daemon.url : daemon.socket)

const notRunning = (daemon: Daemon, error: unknown): ServerError => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const message =
    code === 'EACCES'
      ? `this user may not use ${nameOf(daemon)}; run as the daemon's user, or as root`
      : `no daemon answers at ${nameOf(daemon)}: ${messageOf(error)}`
  return new ServerError('ERR_SERVER_NOT_RUNNING', message, { cause: error })
}

const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '') // a user that has no entry
  }
}

const request = (
  daemon: Daemon,
  path: string,
  method: string,
): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const options = { method, signal: AbortSignal.timeout(ASK_TIMEOUT_MS), agent: false } as const
    const answered = (response: http.IncomingMessage): void => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
    }
    const sent =
      'url' in daemon
        ? (daemon.url.startsWith('https:') ? https : http).request(
            daemon.url + path,
            {
              ...options,
              headers:
                daemon.token === undefined ? {} : { authorization: `Bearer ${daemon.token}` },
            },
            answered,
          )
        : http.request(
            { ...options, socketPath: daemon.socket, path, headers: { [USER_HEADER]: userName() } },
            answered,
          )
    sent.once('error', reject).end()
  })

/** Asks the daemon and reads its JSON. */
export const askDaemon = async (
  daemon: Daemon,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
  method: 'GET' | 'POST' = 'GET',
): Promise<unknown> => {
  const given = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) given.set(key, value)
  const pairs = given.toString()
  let answer: { readonly status: number; readonly body: string }
  try {
    answer = await request(daemon, pairs === '' ? path : `${path}?${pairs}`, method)
  } catch (error) {
    throw notRunning(daemon, error)
  }
  const { status, body } = answer
  if (status === 401)
    throw new ServerError(
      'ERR_SERVER_USAGE',
      `the daemon says: ${body.trim()}; give one with --token-file`,
    )
  if (status !== 200) throw new ServerError('ERR_SERVER_USAGE', `the daemon says: ${body.trim()}`)
  try {
    return JSON.parse(body)
  } catch (error) {
    const message = `${nameOf(daemon)} is no admin door of Bootwire`
    throw new ServerError('ERR_SERVER_NOT_RUNNING', message, { cause: error })
  }
}
