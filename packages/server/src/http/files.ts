import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'

import { FileRefusedError, openRegularFileBeneath } from '@bootwire-internal/regular-file'
import { send } from '@fastify/send'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { BootService } from '../boot/service.ts'
import { servedPath } from '../model/paths.ts'
import { MAX_HOT_FILE_BYTES, type HotFiles } from './hot-files.ts'
import { addressOf } from './parameters.ts'
import { pump } from './pump.ts'

/** Types that firmware insists on (UEFI 2.10 section 24.7.2) before the library's own table is asked. */
const BOOT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/\.efi$/i, 'application/efi'],
  [/\.iso$/i, 'application/vnd.efi-iso'],
]

/** A kernel's name seldom has an ending; without a type of our own, answers would differ in the one they are given. */
export const typeOf = (path: string, known: string | undefined): string =>
  BOOT_TYPES.find(([ending]) => ending.test(path))?.[1] ?? known ?? 'application/octet-stream'

export const notFound = (reply: FastifyReply): FastifyReply =>
  reply.code(404).type('text/plain; charset=utf-8').send('not found\n')

/** First byte of the part that a range asked for. */
const startOf = (headers: Readonly<Record<string, unknown>>): number =>
  Number(/^bytes (\d+)-/.exec(String(headers['Content-Range']))?.[1] ?? 0)

const readWhole = async (handle: FileHandle, start: number, length: number): Promise<Buffer> => {
  try {
    const body = Buffer.allocUnsafeSlow(length)
    const { bytesRead } = await handle.read(body, 0, length, start)
    if (bytesRead < length) throw new Error('the file became shorter while it was read')
    return body
  } finally {
    await handle.close()
  }
}

/** Links below the root are followed; the root's owner makes them. Undefined: there is no such regular file. */
export const openFile = async ({
  root,
  path,
}: {
  readonly root: string
  readonly path: string
}): Promise<FileHandle | undefined> => {
  try {
    return (await openRegularFileBeneath(root, path.split('/'), 'follow')).handle
  } catch (error) {
    if (error instanceof FileRefusedError) return undefined
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/**
 * The library decides what is sent, status, headers and range, as it would for HEAD; the body is sent with less work than
 * its stream does. `hot` keeps a small file that is sent whole.
 */
export const sendFile = async (
  request: FastifyRequest,
  reply: FastifyReply,
  file: { readonly path: string; readonly root: string },
  hot: HotFiles | undefined,
): Promise<FastifyReply> => {
  const head: typeof request.raw = Object.create(request.raw, { method: { value: 'HEAD' } })
  // The path has been looked at: `servedPath`.
  const options = { root: file.root, dotfiles: 'allow', index: false } as const
  const found = await send(head, encodeURI(file.path), options)
  if (found.type === 'directory') return notFound(reply)
  if (found.type === 'error') {
    if (found.statusCode === 404) return notFound(reply)
    throw found.metadata.error
  }
  // The library looks at the name only: a FIFO would be a file to it, and reading that waits for ever.
  const handle = await openFile(file)
  if (!handle) return notFound(reply)
  const { stream, statusCode, headers } = found
  const { path, stat } = found.metadata
  void reply.code(statusCode).headers(headers)
  const hasBody = headers['Content-Length'] !== undefined
  if (hasBody) void reply.type(typeOf(path, headers['Content-Type']))
  const isBare = request.method === 'HEAD' || !hasBody
  if (isBare) {
    await handle.close()
    return reply.send(stream)
  }
  const [start, length] = [startOf(headers), Number(headers['Content-Length'])]
  if (length <= MAX_HOT_FILE_BYTES) {
    const body = await readWhole(handle, start, length)
    if (statusCode === 200)
      hot?.keep(request.url, { path, root: file.root, stats: stat, body }, reply.getHeaders())
    return reply.send(body)
  }
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.writeHead(statusCode)
  await pump(reply.raw, { handle, start, length })
  return reply
}

/** The path of a URL as `servedPath` takes it; undefined: it leaves the assets, is hidden or cannot be decoded. */
const pathOf = (url: string): string | undefined => {
  try {
    return servedPath(decodeURIComponent(url.split('?')[0] ?? ''))
  } catch {
    return undefined
  }
}

/** Requests for files that lie elsewhere than at the paths of the assets. */
const fromElsewhere = new WeakSet<FastifyRequest>()

/** Has the answer logged as one with a file of the assets is. */
export const logAsFile = (request: FastifyRequest): void => void fromElsewhere.add(request)

/**
 * Sends a file of the assets that was asked for by its path alone, as on TFTP: GRUB looks for its files at the root of the
 * server that it came from. What routes claim is theirs.
 */
export const sendFromRoot = async (
  request: FastifyRequest,
  reply: FastifyReply,
  service: BootService,
  hot: HotFiles,
): Promise<FastifyReply> => {
  const { assets: root } = service.configuration
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const path = isRead ? pathOf(request.url) : undefined
  if (root === undefined || path === undefined) return notFound(reply)
  logAsFile(request)
  return sendFile(request, reply, { path, root }, hot)
}

/** Logs that a file was sent; a machine that fetches one has got past its script. */
export const logAsset = (
  service: BootService,
  asset: {
    readonly ip: string
    readonly path: string
    readonly status: number
    readonly bytes: number
    readonly durationMs: number
  },
): void => {
  const mac = service.sessions.macOf(asset.ip)
  const session = mac === undefined ? undefined : service.sessions.touch(mac, 'kernel')
  service.log.emit('http.asset', { boot: session?.boot, mac, ...asset })
}

/** Logs what was sent of the assets and the iPXE binaries. */
export const logFiles = (app: FastifyInstance, service: BootService): void => {
  app.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?')[0] ?? ''
    if (
      /^\/+(assets|ipxe)\//.test(path) ||
      (fromElsewhere.has(request) && reply.statusCode !== 404)
    ) {
      logAsset(service, {
        ip: addressOf(request),
        path,
        status: reply.statusCode,
        bytes: request.method === 'HEAD' ? 0 : Number(reply.getHeader('content-length') ?? 0),
        durationMs: Math.round(reply.elapsedTime),
      })
    }
    done()
  })
}

/** Misses that are logged in a minute: whoever looks for holes asks for thousands. */
const MISSES_PER_MINUTE = 60

/** Logs that a machine asked for a path that nobody answers. */
export const logMissing = (app: FastifyInstance, service: BootService): void => {
  let [minute, count] = [0, 0]
  app.addHook('onResponse', (request, reply, done) => {
    done()
    if (reply.statusCode !== 404 || request.routeOptions.url !== undefined) return
    const now = Math.floor(performance.now() / 60_000)
    if (now !== minute) [minute, count] = [now, 0]
    if (++count > MISSES_PER_MINUTE) return
    const ip = addressOf(request)
    const mac = service.sessions.macOf(ip)
    const path = request.url.split('?')[0]
    service.log.emit('http.missing', { mac, ip, path, status: 404 })
  })
}
