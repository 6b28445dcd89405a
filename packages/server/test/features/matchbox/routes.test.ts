import { mkdirSync, utimesSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { temporaryFolder, writeFiles } from '../../support.ts'
import { MAC, NODE, openMatchbox, TEXT } from './rig.ts'

const open = async () => {
  const assets = temporaryFolder()
  writeFiles(assets, {
    'kernel.img': 'KERNEL',
    'sub/a&b': 'text',
    'sub/x:y': '',
    'web/index.html': '<p>',
  })
  mkdirSync(join(assets, 'sub', 'deep'))
  utimesSync(join(assets, 'kernel.img'), 1_700_000_000, 1_700_000_000)
  return openMatchbox({}, { assets })
}

describe('section 2: routes', () => {
  it('answers / and what is not routed as Go does', async () => {
    await using box = await openMatchbox(NODE)
    const plain = { 'content-type': TEXT, 'content-length': '9' }
    expect(await box.ask('/')).toEqual({ status: 200, headers: plain, body: 'matchbox\n' })
    for (const path of ['/nothing', '/ipxe/', '/assets/x', '/ipxe.sig', '/generic.asc'])
      expect(await box.ask(path)).toEqual({
        status: 404,
        headers: {
          'content-type': TEXT,
          'content-length': '19',
          'x-content-type-options': 'nosniff',
        },
        body: '404 page not found\n',
      })
  })

  it('takes any method, and gives a HEAD its length', async () => {
    await using box = await openMatchbox(NODE)
    const { body } = await box.ask(`/ipxe?${MAC}`)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect(await box.ask(`/ipxe?${MAC}`, { method })).toMatchObject({ status: 200, body })
    expect(await box.ask(`/ipxe?${MAC}`, { method: 'HEAD' })).toEqual({
      status: 200,
      headers: { 'content-type': TEXT, 'content-length': String(body.length) },
      body: '',
    })
  })

  it('sends what is not clean to its clean path', async () => {
    await using box = await openMatchbox(NODE)
    const location = (path: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const asked = httpRequest({ port: box.port, path }, (response) => {
          response.resume()
          resolve(`${response.statusCode} ${response.headers.location}`)
        })
        asked.on('error', reject)
        asked.end()
      })
    expect(await location('//ipxe?a=b;c')).toBe('301 /ipxe?a=b;c')
    expect(await location('/x/../ipxe')).toBe('301 /ipxe')
    expect(await location('/./grub/')).toBe('301 /grub/')
    expect(await location('/a%20b//c')).toBe('301 /a%20b/c')
    expect(await location('/%zz')).toBe('400 undefined')
  })
})

describe('section 2: assets', () => {
  it('serves files with ranges, dates and types', async () => {
    await using box = await open()
    expect(await box.ask('/assets/kernel.img')).toEqual({
      status: 200,
      headers: {
        'accept-ranges': 'bytes',
        'content-type': TEXT,
        'content-length': '6',
        'last-modified': 'Tue, 14 Nov 2023 22:13:20 GMT',
      },
      body: 'KERNEL',
    })
    const range = { headers: { range: 'bytes=1-2' } }
    expect(await box.ask('/assets/kernel.img', range)).toMatchObject({ status: 206, body: 'ER' })
    const since = { headers: { 'if-modified-since': 'Tue, 14 Nov 2023 22:13:20 GMT' } }
    expect(await box.ask('/assets/kernel.img', since)).toMatchObject({ status: 304, body: '' })
    expect(await box.ask('/assets/none')).toMatchObject({ status: 404 })
    expect(await box.ask('/assets/kernel.img', { method: 'HEAD' })).toMatchObject({
      headers: { 'content-length': '6' },
    })
  })

  it('sends folders to their slash, and lists them', async () => {
    await using box = await open()
    expect(await box.ask('/assets')).toMatchObject({
      status: 301,
      headers: { location: '/assets/', 'content-type': 'text/html; charset=utf-8' },
      body: '<a href="/assets/">Moved Permanently</a>.\n\n',
    })
    expect(await box.ask('/assets/sub?a=b')).toMatchObject({
      status: 301,
      headers: { location: 'sub/?a=b', 'content-length': '0' },
    })
    expect(await box.ask('/assets/sub/')).toMatchObject({
      status: 200,
      body: '<pre>\n<a href="a&b">a&amp;b</a>\n<a href="deep/">deep/</a>\n<a href="./x:y">x:y</a>\n</pre>\n',
    })
    expect(await box.ask('/assets/web/')).toMatchObject({ body: '<p>' })
    expect(await box.ask('/assets/web/index.html')).toMatchObject({ headers: { location: './' } })
    expect(await box.ask('/assets/kernel.img/')).toMatchObject({
      headers: { location: '../kernel.img' },
    })
  })
})
