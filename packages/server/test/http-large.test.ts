import { once } from 'node:events'
import { openSync, closeSync, readlinkSync, readdirSync, truncateSync, writeSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createHttpApp } from '../src/http/app.ts'
import { serviceFor, temporaryFolder, writeFiles } from './support.ts'

const GIB = 2 ** 30
const MARK = 'behind four GiB'

let app: FastifyInstance
let image: string
let base: string

beforeEach(async () => {
  const folder = temporaryFolder()
  writeFiles(folder, { 'assets/image.iso': '' })
  image = join(folder, 'assets/image.iso')
  truncateSync(image, 5 * GIB)
  const file = openSync(image, 'r+')
  writeSync(file, MARK, 4 * GIB + 7)
  closeSync(file)
  app = createHttpApp((await serviceFor('assets: assets', { folder })).service)
  base = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(() => app.close())

const ask = async (headers: Record<string, string> = {}): Promise<IncomingMessage> => {
  const request = get(`${base}/assets/image.iso`, { headers, agent: false })
  const [response]: IncomingMessage[] = await once(request, 'response')
  return response!
}

/** Descriptors of this process that lie on the file. */
const openOnes = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === image
    } catch {
      return false // it was the one of this listing
    }
  }).length

describe('a file of 5 GiB over HTTP', () => {
  it('has its exact length and the type that firmware insists on', async () => {
    const response = await ask()
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-length': String(5 * GIB),
      'content-type': 'application/vnd.efi-iso',
      'accept-ranges': 'bytes',
    })
    response.destroy()
  })

  it('is sent from behind 4 GiB when a range asks for that', async () => {
    const response = await ask({ range: `bytes=${4 * GIB + 7}-${4 * GIB + 7 + 199_999}` })
    expect(response.statusCode).toBe(206)
    expect(response.headers['content-range']).toBe(
      `bytes ${4 * GIB + 7}-${4 * GIB + 200_006}/${5 * GIB}`,
    )
    const body = Buffer.concat(await response.toArray())
    expect(body.length).toBe(200_000)
    expect(body.toString('latin1', 0, MARK.length)).toBe(MARK)
    expect(body.subarray(MARK.length).every((byte) => byte === 0)).toBe(true)
  })

  it.runIf(process.platform === 'linux')('is closed when its client goes away', async () => {
    const response = await ask()
    await once(response, 'data')
    expect(openOnes()).toBe(1)
    response.destroy()
    await expect.poll(openOnes).toBe(0)
  })

  it('breaks the connection when it becomes shorter, rather than end early', async () => {
    const response = await ask()
    await once(response, 'data')
    const failed = once(response, 'error')
    truncateSync(image, GIB / 16)
    const [error]: unknown[] = await failed
    expect(error).toMatchObject({ code: 'ECONNRESET' })
    expect(response.complete).toBe(false)
  })

  it('reaches each of twenty clients whole, at the same time', async () => {
    const range = { range: `bytes=${4 * GIB}-${4 * GIB + 4_999_999}` }
    const lengths = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const body = Buffer.concat(await (await ask(range)).toArray())
        return [body.length, body.indexOf(MARK)]
      }),
    )
    expect(lengths).toEqual(Array.from({ length: 20 }, () => [5_000_000, 7]))
  })
})
