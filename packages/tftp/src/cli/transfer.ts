import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'

import {
  defineCommand,
  wholeNumber,
  type Context,
  type Options,
  type Command,
} from '@bootwire-internal/cli'

import { get } from '../client/get.ts'
import type { ClientOptions, ClientRecord } from '../client/options.ts'
import { put } from '../client/put.ts'
import { parseTftpUrl } from '../uri.ts'
import { progressBar, readable } from './progress.ts'

const summary = (
  verb: string,
  { file, bytes, durationMs, blockSize, windowSize, resends }: ClientRecord,
): string => {
  const speed = readable(Math.round((bytes / Math.max(durationMs, 1)) * 1000))
  const how = `blocks of ${blockSize}, window ${windowSize}, ${resends} resent`
  return `${verb} ${file}: ${readable(bytes)} in ${(durationMs / 1000).toFixed(2)} s, ${speed}/s (${how})\n`
}

const CLIENT_OPTIONS = {
  'block-size': {
    value: 'BYTES',
    summary: 'default: 1468 (IPv4), 1448 (IPv6)',
    read: wholeNumber(8, 65_464, 'bytes'),
  },
  window: { value: 'BLOCKS', summary: 'default: 16', read: wholeNumber(1, 65_535, 'blocks') },
  timeout: {
    value: 'SECONDS',
    summary: 'ask the server to resend after this time',
    read: wholeNumber(1, 255, 'seconds'),
  },
  retries: { value: 'COUNT', summary: 'default: 6', read: wholeNumber(0, 100) },
  quiet: { summary: 'print no progress and no summary' },
} as const satisfies Options

type Values = Context<typeof CLIENT_OPTIONS>['options']

const clientOptions = (values: Values, signal: AbortSignal): ClientOptions => ({
  signal,
  ...(values['block-size'] !== undefined && { blockSize: values['block-size'] }),
  ...(values.window !== undefined && { windowSize: values.window }),
  ...(values.timeout !== undefined && { timeoutSeconds: values.timeout }),
  ...(values.retries !== undefined && { retries: values.retries }),
})

/** `bootwire-tftp get`: a file appears under its name only when it is complete. */
export const getCommand: Command = defineCommand({
  summary: 'read a file (FILE: - for stdout; default: the name in the URL)',
  positionals: 'URL [FILE]',
  options: CLIENT_OPTIONS,
  run: async ({ options, positionals: [url, file], signal, stdout, stderr }) => {
    const target = file ?? basename(parseTftpUrl(url).filename)
    const bar = progressBar(stderr, options.quiet)
    const download = await get(url, {
      ...clientOptions(options, signal),
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
    if (!options.quiet) stderr.write(summary('read', await download.finished))
  },
})

/** `bootwire-tftp put` */
export const putCommand: Command = defineCommand({
  summary: 'write a file',
  positionals: 'FILE URL',
  options: CLIENT_OPTIONS,
  run: async ({ options, positionals: [file, url], signal, stderr }) => {
    const bar = progressBar(stderr, options.quiet)
    try {
      const onProgress: ClientOptions['onProgress'] = ({ bytes, size }) => bar.show(bytes, size)
      const record = await put(url, { file }, { ...clientOptions(options, signal), onProgress })
      bar.clear()
      if (!options.quiet) stderr.write(summary('wrote', record))
    } finally {
      bar.clear()
    }
  },
})
