import { once } from 'node:events'
import { ReadStream } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { send } from '@fastify/send'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { assetPath } from '../decide/paths.ts'
import type { BootService } from '../service.ts'
import type { HotFiles } from './hot-files.ts'
import { addressOf, pathPart } from './parameters.ts'
import { pump } from './pump.ts'

/** Types that firmware insists on (UEFI 2.10 section 24.7.2) before the library's own table is asked. */
const BOOT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/\.efi$/i, 'application/efi'],
  [/\.iso$/i, 'application/vnd.efi-iso'],
]

const notFound = (reply: FastifyReply): FastifyReply =>
  reply.code(404).type('text/plain; charset=utf-8').send('not found\n')

/** From here on the library's stream costs more than it saves. */
const LARGE_BYTES = 65_536

/** First byte of the part that a range asked for. */
const startOf = (headers: Readonly<Record<string, unknown>>): number =>
  Number(/^bytes (\d+)-/.exec(String(headers['Content-Range']))?.[1] ?? 0)

/** The library decides what is sent: status, headers, range. Large bodies are then sent with less work than its stream does. */
const sendFile = async (
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  root: string,
): Promise<FastifyReply> => {
  const found = await send(request.raw, encodeURI(path), { root, dotfiles: 'deny', index: false })
  if (found.type === 'directory') return notFound(reply)
  if (found.type === 'error') {
    if (found.statusCode === 404) return notFound(reply)
    throw found.metadata.error
  }
  const { stream, statusCode, headers } = found
  const type = BOOT_TYPES.find(([ending]) => ending.test(path))?.[1]
  void reply.code(statusCode).headers(headers)
  if (type) void reply.type(type)
  const length = Number(headers['Content-Length'])
  if (!(stream instanceof ReadStream) || length < LARGE_BYTES) return reply.send(stream)
  const opened: unknown[] = await once(stream, 'open')
  reply.hijack()
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.writeHead(statusCode)
  await pump(reply.raw, { stream, fd: Number(opened[0]), start: startOf(headers), length })
  return reply
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

/** Files: the assets, the same tree as on TFTP, and the iPXE binaries. */
export const registerFiles = (app: FastifyInstance, service: BootService, hot: HotFiles): void => {
  app.get('/assets/*', (request, reply) => {
    const { assets } = service.active.book.plan
    const path = assetPath(pathPart(request, '*'))
    if (assets === undefined || path === undefined) return notFound(reply)
    reply.raw.once('finish', () => {
      if (request.method !== 'GET' || reply.statusCode !== 200) return
      void hot.remember(request.url, join(assets, path), assets, (name) =>
        reply.raw.getHeader(name),
      )
    })
    return sendFile(request, reply, path, assets)
  })
  app.get('/ipxe/*', (request, reply) => {
    const binary = service.place.ipxe.find(({ file }) => file === assetPath(pathPart(request, '*')))
    if (binary?.path === undefined) return notFound(reply)
    return sendFile(request, reply, basename(binary.path), dirname(binary.path))
  })
  app.addHook('onResponse', (request, reply, done) => {
    const path = request.url.split('?')[0] ?? ''
    if (/^\/+(assets|ipxe)\//.test(path)) {
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
