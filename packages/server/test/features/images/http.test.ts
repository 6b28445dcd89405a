import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { feature } from '../../../src/features/images/index.ts'
import { createHttpApp } from '../../../src/http/app.ts'
import { boots, serviceFor, temporaryFolder, writeFiles, type TestService } from '../../support.ts'

/** Made by xorriso of a tree whose files build.ts names, with their sizes. */
const REAL = new URL(
  '../../../../../internal/iso9660/test/images/xorriso-rock-ridge-joliet.iso.gz',
  import.meta.url,
)
const PATH = '/images/real.iso/install.amd/initrd.gz'
const SIZE = 50_001

const YAML = `
profiles:
  a: { kernel: "{{ server.url }}${PATH}", initrd: ["http://10.9.9.9/x", "{{ server.url }}/answers/52-54-00-00-00-01/ks"] }
machines: { m: { mac: "52:54:00:00:00:01", profile: a } }
`

let app: FastifyInstance
let folder: string
let made: TestService
let logged: TestService['events']

const imageAt = (name: string): string => join(folder, 'isos', name)

beforeEach(async () => {
  folder = temporaryFolder()
  writeFiles(folder, {
    'isos/broken.iso': 'no image',
    'isos/.hidden.iso': 'x',
    'isos/notes.txt': 'x',
    'secret.iso': 'x',
  })
  writeFileSync(imageAt('real.iso'), gunzipSync(readFileSync(REAL)))
  made = await serviceFor(YAML, { folder })
  logged = made.events
  const images = feature.open!('isos')
  await images.start!({ service: made.service, folder: () => folder, panels: () => [] })
  app = createHttpApp(made.service, [{ name: 'images', ...images }])
})
afterEach(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers, remoteAddress: '10.0.0.9' })

/** Bytes of the file, found in the image by another way: they are the only ones that begin so. */
const contents = async (): Promise<Buffer> => (await get(PATH)).rawPayload

describe('a file in an image', () => {
  it('is sent whole, with its size', async () => {
    const { statusCode, headers, rawPayload } = await get(PATH)
    expect(statusCode).toBe(200)
    expect(headers['content-length']).toBe(String(SIZE))
    expect(headers['accept-ranges']).toBe('bytes')
    expect(rawPayload).toHaveLength(SIZE)
    expect(gunzipSync(readFileSync(REAL)).includes(rawPayload)).toBe(true)
  })

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=2040-4100', 2040, 4100],
    ['bytes=50000-', 50_000, 50_000],
    ['bytes=49990-99999', 49_990, 50_000],
    ['bytes=-10', 49_991, 50_000],
  ])('is sent in part for %s', async (range, first, last) => {
    const { statusCode, headers, rawPayload } = await get(PATH, { range })
    expect(statusCode).toBe(206)
    expect(headers['content-range']).toBe(`bytes ${first}-${last}/${SIZE}`)
    expect(rawPayload).toEqual((await contents()).subarray(first, last + 1))
  })

  it('has nothing beyond its end', async () => {
    const { statusCode, headers } = await get(PATH, { range: 'bytes=50001-' })
    expect(statusCode).toBe(416)
    expect(headers['content-range']).toBe(`bytes */${SIZE}`)
  })

  it.each(['bytes=0-1,5-6', 'bytes=5-1', 'lines=1-2', 'bytes=-'])(
    'is sent whole where %s is asked for',
    async (range) => {
      expect((await get(PATH, { range })).statusCode).toBe(200)
    },
  )

  it('is not sent again to whom it is known, and whole to whom it has changed', async () => {
    const { headers } = await get(PATH)
    const { etag, 'last-modified': modified } = headers
    expect((await get(PATH, { 'if-none-match': String(etag) })).statusCode).toBe(304)
    expect((await get(PATH, { 'if-modified-since': String(modified) })).statusCode).toBe(304)
    expect((await get(PATH, { 'if-none-match': '"x"' })).statusCode).toBe(200)
    const range = 'bytes=1-2'
    expect((await get(PATH, { range, 'if-range': String(etag) })).statusCode).toBe(206)
    expect((await get(PATH, { range, 'if-range': '"x"' })).statusCode).toBe(200)
  })

  it('has a tag that no other file of the image has', async () => {
    const other = await get('/images/real.iso/install.amd/vmlinuz')
    expect(other.headers['etag']).not.toBe((await get(PATH)).headers['etag'])
  })

  it('is described without being sent', async () => {
    const { statusCode, headers, rawPayload } = await app.inject({ method: 'HEAD', url: PATH })
    expect(statusCode).toBe(200)
    expect(headers['content-length']).toBe(String(SIZE))
    expect(rawPayload).toHaveLength(0)
  })

  it('is found over links, also where its name begins with a dot', async () => {
    expect((await get('/images/real.iso/debian/to-file')).rawPayload).toHaveLength(30_000)
    expect((await get('/images/real.iso/.disk/info')).rawPayload).toHaveLength(60)
    expect((await get('/images/real.iso/.treeinfo')).rawPayload).toHaveLength(100)
    expect((await get('/images/real.iso/empty')).statusCode).toBe(200)
  })

  it('is logged as a file of the assets is', async () => {
    await get(PATH)
    expect(logged.at(-1)).toMatchObject({ event: 'http.asset', path: PATH, bytes: SIZE })
  })

  it('is what a boot waits for, where its script loads it; files of others and answers are not', async () => {
    await boots(made, { mac: '52:54:00:00:00:01' })
    expect(logged.findLast(({ event }) => event === 'http.script')).toMatchObject({
      event: 'http.script',
      stage: 'boot',
      loads: [PATH],
    })
  })

  it.each([
    '/images/real.iso/nothing',
    '/images/real.iso/case',
    '/images/real.iso/loop-a',
    '/images/real.iso/../secret.iso',
    '/images/real.iso/%2e%2e/%2e%2e/secret.iso',
    '/images/..%2fsecret.iso/x',
    '/images/..%2fsecret.iso',
    '/images/.hidden.iso',
    '/images/notes.txt',
    '/images/none.iso/x',
    '/images/none.iso',
    '/images/broken.iso/x',
    '/sanboot/none.iso',
    '/sanboot/..%2fsecret.iso',
  ])('is not at %s', async (url) => {
    expect((await get(url)).statusCode).toBe(404)
  })

  it('says in the log why an image cannot be read', async () => {
    await get('/images/broken.iso/x')
    expect(logged).toContainEqual(
      expect.objectContaining({ event: 'warning', file: 'broken.iso', feature: 'images' }),
    )
  })

  it('says so once, however often it is asked, and again after it could be read', async () => {
    const whole = readFileSync(imageAt('real.iso'))
    for (const [content, asked, told] of [
      ['cut', 3, 1],
      [whole, 1, 1],
      ['cut', 2, 2],
    ] as const) {
      writeFileSync(imageAt('real.iso'), content)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for (let i = 0; i < asked; i++) await get('/images/real.iso/README.txt')
      expect(logged.filter(({ event }) => event === 'warning')).toHaveLength(told)
    }
  })
})

describe('an image', () => {
  it('is sent itself, with ranges', async () => {
    const { statusCode, headers, rawPayload } = await get('/images/real.iso', {
      range: 'bytes=32769-32773',
    })
    expect(statusCode).toBe(206)
    expect(rawPayload.toString()).toBe('CD001')
    expect(headers['content-type']).toBe('application/vnd.efi-iso')
  })

  it('is read again where it was replaced, and gone where it was removed', async () => {
    expect((await get('/images/real.iso/README.txt')).statusCode).toBe(200)
    copyFileSync(imageAt('broken.iso'), imageAt('real.iso'))
    expect((await get('/images/real.iso/README.txt')).statusCode).toBe(404)
    rmSync(imageAt('real.iso'))
    expect((await get('/images/real.iso/README.txt')).statusCode).toBe(404)
  })

  it('is a drive for a machine that asks for it', async () => {
    const { statusCode, body } = await get('/sanboot/real.iso')
    expect(statusCode).toBe(200)
    expect(body).toMatch(/^sanboot --no-describe http:\/\/[^ ]+\/images\/real\.iso/m)
  })
})
