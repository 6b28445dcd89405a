import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

import { FileRefusedError, openRegularFileBeneath } from '@bootwire-internal/regular-file'

import { SNIFFED_BYTES, sniffedType, typeOfName } from './content-type.ts'
import { serveContent } from './content.ts'
import {
  emptyAnswer,
  errorAnswer,
  escapeHtml,
  escapePath,
  notFound,
  type HttpAnswer,
  type HttpRequest,
} from './http-answer.ts'

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** What Go's FileServer says of a file that cannot be opened. */
const failure = (error: unknown): HttpAnswer => {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR' || error instanceof FileRefusedError)
    return notFound()
  if (code === 'EACCES' || code === 'EPERM') return errorAnswer(403, '403 Forbidden')
  return errorAnswer(500, '500 Internal Server Error')
}

const redirect = (to: string, { rawQuery }: HttpRequest): HttpAnswer =>
  emptyAnswer(301, { Location: rawQuery === '' ? to : `${to}?${rawQuery}` })

/** A name that would be read as a scheme is written as `./name`. */
const linkTo = (name: string): string => {
  const escaped = escapePath(name)
  return escaped.split('/')[0]?.includes(':') ? `./${escaped}` : escaped
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const listing = async (folder: string, modifiedMs: number): Promise<HttpAnswer> => {
  const entries = await readdir(folder, { withFileTypes: true })
  const lines = entries
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .toSorted(byBytes)
    .map((name) => `<a href="${linkTo(name)}">${escapeHtml(name)}</a>\n`)
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Last-Modified': new Date(modifiedMs).toUTCString(),
    },
    body: Buffer.from(`<pre>\n${lines.join('')}</pre>\n`),
  }
}

const sendFile = async (
  request: HttpRequest,
  root: string,
  segments: readonly string[],
): Promise<HttpAnswer> => {
  const { handle, stats } = await openRegularFileBeneath(root, segments, 'follow')
  const name = segments.at(-1) ?? ''
  let type = typeOfName(name)
  if (type === undefined) {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(SNIFFED_BYTES),
      0,
      SNIFFED_BYTES,
      0,
    )
    type = sniffedType(buffer.subarray(0, bytesRead))
  }
  return serveContent(request, {
    type,
    size: Number(stats.size),
    modifiedMs: Number(stats.mtimeMs),
    from: handle,
  })
}

/** Go's FileServer below `/assets/`, for a path that the mux has cleaned. Links are followed: the folder's owner made them. */
export const serveAsset = async (root: string, request: HttpRequest): Promise<HttpAnswer> => {
  const path = request.path.slice('/assets'.length)
  if (path.endsWith('/index.html')) return redirect('./', request)
  if (path.includes('\0')) return errorAnswer(500, '500 Internal Server Error')
  const segments = path.split('/').filter((part) => part !== '')
  const file = join(root, ...segments)
  try {
    const found = await stat(file)
    const isFolderPath = path.endsWith('/')
    if (!found.isDirectory()) {
      if (isFolderPath) return redirect(`../${basename(path)}`, request)
      return await sendFile(request, root, segments)
    }
    if (!isFolderPath) return redirect(`${basename(path)}/`, request)
    const index = await stat(join(file, 'index.html')).catch(() => undefined)
    if (index?.isFile()) return await sendFile(request, root, [...segments, 'index.html'])
    const since = Date.parse(request.headers['if-modified-since'] ?? '')
    if (Math.floor(found.mtimeMs / 1000) * 1000 <= since)
      return emptyAnswer(304, { 'Last-Modified': found.mtime.toUTCString() })
    return await listing(file, found.mtimeMs)
  } catch (error) {
    return failure(error)
  }
}
