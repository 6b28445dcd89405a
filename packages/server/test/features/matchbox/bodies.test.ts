import { describe, expect, it } from 'vitest'

import { group, MAC, NODE, openMatchbox, TEXT } from './rig.ts'

const entry = (title: string, suffix: string): string =>
  `menuentry "CoreOS (${title})" {\necho "Loading kernel"\nlinux${suffix} "/assets/vmlinuz" console=tty0 url=\${uuid}\necho "Loading initrd"\ninitrd${suffix}  "--name main /assets/a.img" "/assets/b.img"\n}\n`

const failing = async (text: string): Promise<string> => {
  await using box = await openMatchbox({ ...NODE, 'generic/g': text })
  expect(await box.get(`/generic?${MAC}`)).toBe(404)
  return box.missing[0] ?? ''
}

const cloud = async (text: string): Promise<string | number> => {
  await using box = await openMatchbox({ ...NODE, 'cloud/c': text })
  return await box.get(`/cloud?${MAC}`)
}

describe('section 5: bodies', () => {
  it('sends the boot script', async () => {
    await using box = await openMatchbox({})
    const script =
      '#!ipxe\nchain ipxe?uuid=${uuid}&mac=${mac:hexhyp}&domain=${domain}&hostname=${hostname}&serial=${serial}&arch=${buildarch:uristring}\n'
    expect(await box.get('/boot.ipxe')).toBe(script)
    expect(await box.get('/boot.ipxe.0')).toBe(script)
  })

  it('writes iPXE without escaping anything', async () => {
    await using box = await openMatchbox(NODE)
    expect(await box.get(`/ipxe?${MAC}`)).toBe(
      '#!ipxe\nkernel /assets/vmlinuz console=tty0 url=${uuid}\ninitrd --name main /assets/a.img\ninitrd /assets/b.img\nboot\n',
    )
    expect(await box.get('/ipxe?mac=other')).toBe(404)
  })

  it('writes GRUB for both firmwares', async () => {
    await using box = await openMatchbox(NODE)
    expect(await box.get(`/grub?${MAC}`)).toBe(
      `default=0\nfallback=1\ntimeout=1\n${entry('EFI', 'efi')}${entry('BIOS', '')}`,
    )
  })

  it('writes metadata as lines, without lists and null', async () => {
    await using box = await openMatchbox(NODE)
    const { body, headers } = await box.ask(`/metadata?${MAC}&b=x+y`)
    expect(headers['content-type']).toBe('plain/text')
    expect(body.trimEnd().split('\n').toSorted()).toEqual([
      'BIG=1e+06',
      'DEEP_X=true',
      'MAC=52:54:00:aa:00:01',
      'NAME=n1',
      'REQUEST_QUERY_B=x y',
      'REQUEST_QUERY_MAC=52:54:00:aa:00:01',
      `REQUEST_RAW_QUERY=${MAC}&b=x+y`,
    ])
  })

  it('has a line twice where metadata and selector differ in case only', async () => {
    await using box = await openMatchbox({
      'groups/a.json': group({ selector: { os: 'b' }, metadata: { OS: 'a', request: 'lost' } }),
    })
    const lines = String(await box.get('/metadata?os=b'))
      .trimEnd()
      .split('\n')
    expect(lines.toSorted()).toEqual([
      'OS=a',
      'OS=b',
      'REQUEST_QUERY_OS=b',
      'REQUEST_RAW_QUERY=os=b',
    ])
  })

  it('renders what is generic, of which parts may be asked for', async () => {
    await using box = await openMatchbox(NODE)
    const { body, headers } = await box.ask(`/generic?${MAC}`)
    expect(body).toBe(`host n1 52:54:00:aa:00:01 52:54:00:aa:00:01 ${MAC}\n`)
    expect(headers).toEqual({
      'accept-ranges': 'bytes',
      'content-type': TEXT,
      'content-length': String(body.length),
    })
    const part = async (range: string) => box.ask(`/generic?${MAC}`, { headers: { range } })
    expect(await part('bytes=5-6')).toMatchObject({
      status: 206,
      body: 'n1',
      headers: { 'content-range': `bytes 5-6/${body.length}` },
    })
    expect((await part('bytes=-3')).body).toBe(body.slice(-3))
    expect(await part('bytes=999-')).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${body.length}` },
      body: 'invalid range: failed to overlap\n',
    })
    const several = await part('bytes=0-0,5-6')
    expect(several.headers['content-type']).toMatch(/^multipart\/byteranges; boundary=/)
    expect(several.body).toContain(`Content-Range: bytes 5-6/${body.length}\r\n`)
  })

  it('is 404 where a template fails, and gives nothing of it', async () => {
    expect(await failing('a {{.zz}}')).toContain('map has no entry for key "zz"')
    expect(await failing('a {{.name')).toContain('unclosed action')
    expect(await failing('{{if eq .big 3}}{{end}}')).toContain('incompatible types')
    expect(await failing('{{define "x"}}{{template "x"}}{{end}}{{template "x"}}')).toContain(
      'depth',
    )
  })

  it('lets a cloud-config or a script pass', async () => {
    expect(await cloud('#cloud-config \nhostname: {{.name}}\n')).toBe(
      '#cloud-config \nhostname: n1\n',
    )
    expect(await cloud('#!/bin/sh\n')).toBe('#!/bin/sh\n')
    expect(await cloud('#cloud-config\na: [')).toBe(404)
    expect(await cloud('hostname: x')).toBe(404)
  })
})
