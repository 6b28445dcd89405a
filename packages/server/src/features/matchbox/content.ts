import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

import { errorAnswer, emptyAnswer, type HttpAnswer, type HttpRequest } from './http-answer.ts'

interface Range {
  readonly start: number
  readonly length: number
}

/** Ranges of one request; a reader would have to ask again for more. */
const MAX_RANGES = 200
/** What several ranges of one file may have together: they are put together in memory. */
const MAX_PARTS_BYTES = 16 * 1024 * 1024

/** Ranges that are asked for: none that the content has, or a word that is no range, is refused. */
const rangesOf = (header: string, size: number): readonly Range[] | 'malformed' | 'no overlap' => {
  if (header === '') return []
  if (!header.startsWith('bytes=')) return 'malformed'
  const ranges: Range[] = []
  let isBeyond = false
  for (const part of header.slice('bytes='.length).split(',')) {
    const word = part.trim()
    if (word === '') continue
    const match = /^(\+?\d+|)[ \t]*-[ \t]*(.*)$/.exec(word)
    if (!match) return 'malformed'
    const [, first = '', last = ''] = match
    const isNumber = /^\+?\d+$/.test(last)
    if (first === '') {
      if (!isNumber) return 'malformed'
      const length = Math.min(Number(last), size)
      ranges.push({ start: size - length, length })
      continue
    }
    const start = Number(first)
    // What begins beyond the end is looked at no further.
    if (start >= size) {
      isBeyond = true
      continue
    }
    if (last !== '' && (!isNumber || Number(last) < start)) return 'malformed'
    const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
    ranges.push({ start, length: end - start + 1 })
  }
  return isBeyond && ranges.length === 0 ? 'no overlap' : ranges
}

const contentRange = ({ start, length }: Range, size: number): string =>
  `bytes ${start}-${start + length - 1}/${size}`

const secondsOf = (date: string | undefined): number => {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? Number.NaN : Math.floor(time / 1000)
}

/** Content of which parts may be asked for. */
export interface Content {
  readonly type: string
  readonly size: number
  readonly modifiedMs?: number
  /** Bytes that are in memory, or an open file. */
  readonly from: Buffer | FileHandle
}

const headerOf = (request: HttpRequest, name: string): string => {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

/** True where a date of the request says that the client has what there is. */
const isUnmodified = (request: HttpRequest, modifiedMs: number | undefined): boolean => {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const noneMatch = headerOf(request, 'if-none-match')
  if (noneMatch !== '') return isRead && noneMatch.split(',').some((tag) => tag.trim() === '*')
  if (!isRead || modifiedMs === undefined) return false
  return Math.floor(modifiedMs / 1000) <= secondsOf(headerOf(request, 'if-modified-since'))
}

/** True where a condition of the request is not met. */
const isFailed = (request: HttpRequest, modifiedMs: number | undefined): boolean => {
  const match = headerOf(request, 'if-match')
  // There are no tags to match: only `*` is.
  if (match !== '') return !match.split(',').some((tag) => tag.trim() === '*')
  if (modifiedMs === undefined) return false
  return Math.floor(modifiedMs / 1000) > secondsOf(headerOf(request, 'if-unmodified-since'))
}

/** The range header, unless the content has changed since the client had its first part. */
const wantedRange = (request: HttpRequest, modifiedMs: number | undefined): string => {
  const ifRange = headerOf(request, 'if-range')
  const isSame =
    ifRange === '' ||
    (modifiedMs !== undefined && Math.floor(modifiedMs / 1000) === secondsOf(ifRange))
  return isSame ? headerOf(request, 'range') : ''
}

const sliceOf = async (from: Content['from'], { start, length }: Range): Promise<Buffer> => {
  if (Buffer.isBuffer(from)) return from.subarray(start, start + length)
  const { buffer, bytesRead } = await from.read(Buffer.alloc(length), 0, length, start)
  return buffer.subarray(0, bytesRead)
}

const bodyOf = ({ from }: Content, { start, length }: Range): HttpAnswer['body'] =>
  Buffer.isBuffer(from) ? from.subarray(start, start + length) : { handle: from, start, length }

const severalParts = async (content: Content, ranges: readonly Range[]): Promise<HttpAnswer> => {
  const boundary = randomBytes(30).toString('hex')
  const pieces: Buffer[] = []
  for (const [i, range] of ranges.entries()) {
    const between = i === 0 ? '' : '\r\n'
    pieces.push(
      Buffer.from(
        `${between}--${boundary}\r\nContent-Range: ${contentRange(range, content.size)}\r\nContent-Type: ${content.type}\r\n\r\n`,
      ),
      // oxlint-disable-next-line no-await-in-loop -- parts of one file, in their order
      await sliceOf(content.from, range),
    )
  }
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  if (!Buffer.isBuffer(content.from)) await content.from.close()
  return {
    status: 206,
    headers: {
      'Accept-Ranges': 'bytes',
      'Content-Type': `multipart/byteranges; boundary=${boundary}`,
    },
    body: Buffer.concat(pieces),
  }
}

/** Go's http.ServeContent. An open file is closed, or is part of the answer. */
export const serveContent = async (request: HttpRequest, content: Content): Promise<HttpAnswer> => {
  const { size, type, modifiedMs, from } = content
  const dated: Record<string, string> =
    modifiedMs === undefined ? {} : { 'Last-Modified': new Date(modifiedMs).toUTCString() }
  const done = async (answer: HttpAnswer): Promise<HttpAnswer> => {
    if (!Buffer.isBuffer(from)) await from.close()
    return answer
  }
  if (isFailed(request, modifiedMs)) return done(emptyAnswer(412, dated))
  if (isUnmodified(request, modifiedMs)) return done(emptyAnswer(304, dated))
  const ranges = rangesOf(wantedRange(request, modifiedMs), size)
  if (typeof ranges === 'string') {
    const why = ranges === 'malformed' ? 'invalid range' : 'invalid range: failed to overlap'
    const { headers, ...refused } = errorAnswer(416, why)
    const extra = ranges === 'malformed' ? {} : { 'Content-Range': `bytes */${size}` }
    return done({ ...refused, headers: { ...dated, ...headers, ...extra } })
  }
  const sum = ranges.reduce((bytes, { length }) => bytes + length, 0)
  const isWhole = sum > size || ranges.length === 0 || ranges.length > MAX_RANGES
  const [only] = ranges
  if (!isWhole && ranges.length > 1 && sum <= MAX_PARTS_BYTES) {
    const parts = await severalParts(content, ranges)
    return { ...parts, headers: { ...parts.headers, ...dated } }
  }
  const headers = { 'Accept-Ranges': 'bytes', 'Content-Type': type, ...dated }
  if (isWhole || !only || ranges.length > 1)
    return { status: 200, headers, body: bodyOf(content, { start: 0, length: size }) }
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': contentRange(only, size) },
    body: bodyOf(content, only),
  }
}
