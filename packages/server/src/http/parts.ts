import type { BigIntStats, Stats } from 'node:fs'
import { Readable } from 'node:stream'

import type { FastifyReply, FastifyRequest } from 'fastify'

import type { FileParts } from '../seam/route.ts'
import { logAsFile, notFound, openFile, typeOf } from './files.ts'
import { pumpParts } from './pump.ts'

/** Changes when a file does, or is another one. */
export const versionOf = ({ ino, size, mtimeMs }: Stats | BigIntStats): string =>
  [ino, size, Math.floor(Number(mtimeMs))].map((each) => BigInt(each).toString(36)).join('-')

interface Range {
  readonly start: number
  readonly length: number
}

/** The one range that is asked for; several are answered with the whole, as RFC 9110 section 14.2 allows. */
const rangeOf = (header: string | undefined, size: number): Range | 'whole' | 'beyond' => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return 'whole'
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'beyond' : { start: size - length, length }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return 'whole'
  return start >= size ? 'beyond' : { start, length: end - start + 1 }
}

/** True where the client has what there is (RFC 9110 section 13.1: a tag is asked before a date). */
const isKnown = ({ headers }: FastifyRequest, tag: string, modified: string): boolean => {
  const tags = headers['if-none-match']
  if (tags !== undefined)
    return tags.split(',').some((each) => ['*', tag].includes(each.trim().replace(/^W\//, '')))
  return Date.parse(headers['if-modified-since'] ?? '') >= Date.parse(modified)
}

/** Where the bytes of a range lie in the file. */
const within = (ranges: FileParts['ranges'], { start, length }: Range): readonly Range[] => {
  const found: Range[] = []
  let begin = 0
  for (const { offset, lengthBytes } of ranges) {
    const from = Math.max(start, begin)
    const to = Math.min(start + length, begin + lengthBytes)
    if (to > from) found.push({ start: offset + from - begin, length: to - from })
    begin += lengthBytes
  }
  return found
}

/** Sends bytes within a file as a file of their own, with ranges and conditions. */
export const sendParts = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { file, name, ranges, version }: FileParts,
): Promise<FastifyReply> => {
  const handle = await openFile(file)
  if (!handle) return notFound(reply)
  logAsFile(request)
  const stats = await handle.stat()
  const size = ranges.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)
  const tag = `"${version}-${(ranges[0]?.offset ?? 0).toString(36)}-${size.toString(36)}"`
  const modified = stats.mtime.toUTCString()
  const bare = async (status: number, headers: Record<string, string>): Promise<FastifyReply> => {
    await handle.close()
    return reply.code(status).headers(headers).send()
  }
  // It was replaced between the look at it and now: the next request finds what is there.
  if (versionOf(stats) !== version) return bare(503, { 'retry-after': '1' })
  const kept = { etag: tag, 'last-modified': modified, 'cache-control': 'public, max-age=0' }
  if (isKnown(request, tag, modified)) return bare(304, kept)
  const condition = request.headers['if-range']
  const isSame = condition === undefined || condition === tag || condition === modified
  const range = isSame ? rangeOf(request.headers.range, size) : 'whole'
  if (range === 'beyond') return bare(416, { 'content-range': `bytes */${size}` })
  const sent = range === 'whole' ? { start: 0, length: size } : range
  const headers = {
    ...kept,
    'accept-ranges': 'bytes',
    'content-type': typeOf(name, undefined),
    'content-length': String(sent.length),
    ...(range !== 'whole' && {
      'content-range': `bytes ${sent.start}-${sent.start + sent.length - 1}/${size}`,
    }),
  }
  const status = range === 'whole' ? 200 : 206
  void reply.code(status).headers(headers)
  if (request.method === 'HEAD') {
    await handle.close()
    // Of nothing at all the framework would say that it has no bytes.
    return reply.send(Readable.from([]))
  }
  reply.hijack()
  reply.raw.writeHead(status, headers)
  await pumpParts(reply.raw, handle, within(ranges, sent))
  return reply
}
