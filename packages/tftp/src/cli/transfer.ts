import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { get } from '../client/get.ts'
import type { ClientOptions, ClientRecord } from '../client/options.ts'
import { put } from '../client/put.ts'
import { parseTftpUrl } from '../uri.ts'
import { progressBar, readable, type Terminal } from './progress.ts'

/** What the commands print to. */
export interface Streams {
  readonly stdout: Writable
  readonly stderr: Terminal
}

const summary = (
  verb: string,
  { file, bytes, durationMs, blockSize, windowSize, resends }: ClientRecord,
): string => {
  const speed = readable(Math.round((bytes / Math.max(durationMs, 1)) * 1000))
  const how = `blocks of ${blockSize}, window ${windowSize}, ${resends} resent`
  return `${verb} ${file}: ${readable(bytes)} in ${(durationMs / 1000).toFixed(2)} s, ${speed}/s (${how})\n`
}

/** `get URL [FILE]`: a file appears under its name only when it is complete. */
export const runGet = async (
  { stdout, stderr }: Streams,
  url: string,
  file: string | undefined,
  options: ClientOptions,
): Promise<void> => {
  const target = file ?? basename(parseTftpUrl(url).filename)
  const bar = progressBar(stderr)
  const download = await get(url, {
    ...options,
    onProgress: ({ bytes, size }) => bar.show(bytes, size),
  })
  try {
    if (target === '-') {
      await pipeline(download.stream, stdout, { end: false })
    } else {
      const part = `${target}.part`
      await pipeline(download.stream, createWriteStream(part)).catch(async (error: unknown) => {
        await rm(part, { force: true })
        throw error
      })
      await rename(part, target)
    }
  } finally {
    bar.clear()
  }
  stderr.write(summary('read', await download.finished))
}

/** `put FILE URL`. */
export const runPut = async (
  { stderr }: Pick<Streams, 'stderr'>,
  file: string,
  url: string,
  options: ClientOptions,
): Promise<void> => {
  const bar = progressBar(stderr)
  try {
    const onProgress: ClientOptions['onProgress'] = ({ bytes, size }) => bar.show(bytes, size)
    const record = await put(url, { file }, { ...options, onProgress })
    bar.clear()
    stderr.write(summary('wrote', record))
  } finally {
    bar.clear()
  }
}
