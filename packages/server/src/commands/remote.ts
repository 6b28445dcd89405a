import { readFileSync } from 'node:fs'

import { UsageError, type Options } from '@bootwire-internal/cli'

import { messageOf, ServerError } from '../errors.ts'
import { daemonFile, defaultDataFolder } from '../host/data.ts'

const readBase = (text: string): string => {
  if (/^https?:/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '')
  throw new UsageError('is no URL such as http://10.0.0.5:8080')
}

/** Options of the commands that ask the running daemon. */
export const REMOTE_OPTIONS = {
  'data-dir': { value: 'DIR', summary: "the daemon's data folder, to find it by" },
  url: {
    value: 'URL',
    summary: "the daemon's address instead, http://10.0.0.5:8080",
    read: readBase,
  },
} as const satisfies Options

const ASK_TIMEOUT_MS = 30_000

/** Base URL of the daemon that runs on this host. */
export const findDaemon = (values: {
  readonly url?: string | undefined
  readonly 'data-dir'?: string | undefined
}): string => {
  if (values.url !== undefined) return values.url
  const path = daemonFile(values['data-dir'] ?? defaultDataFolder())
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (
      typeof file === 'object' &&
      file !== null &&
      'base' in file &&
      typeof file.base === 'string'
    ) {
      return file.base
    }
    throw new Error('it names no address')
  } catch (error) {
    const message = `no running daemon found by ${path} (${messageOf(error)}); give --data-dir or --url`
    throw new ServerError('ERR_SERVER_NOT_RUNNING', message, { cause: error })
  }
}

/** Asks the daemon and reads its JSON. */
export const askDaemon = async (
  base: string,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
  method: 'GET' | 'POST' = 'GET',
): Promise<unknown> => {
  const url = new URL(base + path)
  for (const [key, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(key, value)
  let response: Response
  try {
    response = await fetch(url, { method, signal: AbortSignal.timeout(ASK_TIMEOUT_MS) })
  } catch (error) {
    throw new ServerError(
      'ERR_SERVER_NOT_RUNNING',
      `no daemon answers at ${base}: ${messageOf(error)}`,
      { cause: error },
    )
  }
  const body = await response.text()
  if (!response.ok) throw new ServerError('ERR_SERVER_USAGE', `the daemon says: ${body.trim()}`)
  return JSON.parse(body)
}
