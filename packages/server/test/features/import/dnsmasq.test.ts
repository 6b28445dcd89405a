import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { decide } from '../../../src/features/import/dnsmasq/decide.ts'
import { readModel } from '../../../src/features/import/dnsmasq/read-model.ts'
import {
  readCommandLine,
  readConfigurationFile,
} from '../../../src/features/import/dnsmasq/statements.ts'
import { bootwire } from '../../run-command.ts'
import { temporaryFolder } from '../../support.ts'
import { ISSUE_20_ALL, ISSUE_20_BIOS } from './command-lines.ts'

const imported = async (text: string): Promise<{ code: number; out: string; err: string }> => {
  const file = join(temporaryFolder(), 'dnsmasq.conf')
  writeFileSync(file, text)
  return bootwire('import', 'dnsmasq', file)
}

const partsOf = (line: string) => readConfigurationFile(line).statements[0]?.parts
const whys = (text: string) => readConfigurationFile(text).bad.map(({ why }) => why)

describe('a dnsmasq.conf', () => {
  it('keeps commas in quotes, takes escapes, blanks around = and comments as dnsmasq does', () => {
    expect(partsOf('pxe-service = x86PC, "a, \\"b\\"", c # said')).toEqual(['x86PC', 'a, "b"', 'c'])
    expect(partsOf('dhcp-boot=tag:a#b,x')).toEqual(['tag:a#b', 'x'])
    expect(readConfigurationFile('# nothing\n\n').statements).toEqual([])
  })

  it('is told of, where dnsmasq would refuse it', () => {
    expect(whys('dhcp-boot="x')).toEqual(['a quotation mark is missing'])
    expect(whys('dhcp-bot=x')).toEqual(['dnsmasq has no option "dhcp-bot"'])
    expect(whys('dhcp-boot')).toEqual(['dhcp-boot needs a value'])
    expect(whys('no-daemon=1')).toEqual(['no-daemon takes no value'])
  })
})

describe('a command line of dnsmasq', () => {
  it('has letters together, values beside or within, and names cut short', () => {
    const { statements, bad } = readCommandLine([
      '-dqp',
      '0',
      '-p0',
      '--tftp-roo',
      '/t',
      '--dhcp-boot=x',
    ])
    expect(bad).toEqual([])
    expect(statements.map(({ option, parts }) => [option.name, parts?.join()])).toEqual([
      ['no-daemon', undefined],
      ['log-queries', undefined],
      ['port', '0'],
      ['port', '0'],
      ['tftp-root', '/t'],
      ['dhcp-boot', 'x'],
    ])
  })
})

const told = (text: string, client: Parameters<typeof decide>[1]) =>
  decide(readModel(readConfigurationFile(text)).model, client)

describe('what dnsmasq tells a client', () => {
  const range = 'dhcp-range=10.0.0.0,proxy\npxe-prompt=Boot,0\n'

  it('is the last dhcp-boot whose tags fit, else one without tags', () => {
    const text = `${range}dhcp-boot=plain.0\ndhcp-match=set:efi,option:client-arch,7\ndhcp-boot=tag:efi,efi.efi`
    expect(told(text, { architecture: 7, isIpxe: false })).toEqual({
      kind: 'file',
      file: 'efi.efi',
    })
    expect(told(text, { architecture: 0, isIpxe: false })).toEqual({
      kind: 'file',
      file: 'plain.0',
    })
  })

  it('is nothing without a range', () => {
    expect(told('dhcp-boot=x', { architecture: 0, isIpxe: false })).toEqual({ kind: 'nothing' })
  })

  it('takes a dhcp-host that asks for tags before one that has the whole address and asks for none', () => {
    const text = `${range}dhcp-mac=set:x,52:54:*:*:*:*\ndhcp-host=tag:x,52:54:00:*:*:*,set:a\ndhcp-host=52:54:00:00:00:01,set:b\ndhcp-boot=tag:a,a.0\ndhcp-boot=tag:b,b.0`
    const client = { architecture: 0, isIpxe: false, mac: '52:54:00:00:00:01'.split(':') }
    expect(told(text, client)).toEqual({ kind: 'file', file: 'a.0' })
  })

  it('follows tag-if and the best dhcp-host', () => {
    const text = `${range}dhcp-host=52:54:00:*:*:*,set:lab\ndhcp-host=52:54:00:00:00:01,set:one\ntag-if=set:both,tag:one,tag:!lab\ndhcp-boot=tag:lab,lab.0\ndhcp-boot=tag:both,one.0`
    const of = (mac: string) => told(text, { architecture: 0, isIpxe: false, mac: mac.split(':') })
    expect(of('52:54:00:00:00:01')).toEqual({ kind: 'file', file: 'one.0' })
    expect(of('52:54:00:00:00:02')).toEqual({ kind: 'file', file: 'lab.0' })
    expect(of('52:54:01:00:00:02')).toEqual({ kind: 'nothing' })
  })
})

describe('bootwire import dnsmasq', () => {
  it.each([
    ['a second address', 'listen-address=10.0.0.2,10.0.0.3\n', '10.0.0.3 is not taken over'],
    [
      'an address beside several interfaces',
      'interface=a\ninterface=b\nlisten-address=10.0.0.2\n',
      '10.0.0.2 is not taken over',
    ],
    ['a pattern of interfaces', 'interface=eth*\n', 'interfaces by a pattern'],
  ])('tells of %s, which has no place here', async (_what, line, said) => {
    const { code, err } = await imported(`dhcp-range=10.0.0.0,proxy\npxe-prompt=x,0\n${line}`)
    expect([code, err]).toEqual([1, expect.stringContaining(said)])
  })

  it('writes the command lines that people come from without a loss', async () => {
    for (const line of [ISSUE_20_ALL, ISSUE_20_BIOS]) {
      const { code, out, err } = await bootwire('import', 'dnsmasq', '--', 'dnsmasq', ...line)
      expect({ code, err: err.includes('word 1: -d') }).toEqual({ code: 0, err: true })
      expect(out).toMatch(/chain: http:.*\/(?:menu|boot)\.ipxe/)
    }
  })

  it('gives 1 and tells the line where a machine may boot something else', async () => {
    const { code, err } = await imported(
      'dhcp-range=10.0.0.0,proxy\ndhcp-circuitid=set:rack,0a\ndhcp-boot=tag:rack,undionly.kpxe\n',
    )
    expect(code).toBe(1)
    expect(err).toContain(
      'line 2: dhcp-circuitid=set:rack,0a: no group here tells machines apart by',
    )
  })

  it('says that dnsmasq itself boots nobody by dhcp-boot alone', async () => {
    const { code, out, err } = await imported('dhcp-range=10.0.0.0,proxy\ndhcp-boot=x.0\n')
    expect({ code, isBooted: out.includes('x.0') }).toEqual({ code: 1, isBooted: false })
    expect(err).toContain('line 1: dhcp-range=10.0.0.0,proxy: as ProxyDHCP dnsmasq answers nobody')
  })

  it('gives 0 where only DNS and addresses stay behind, and says so', async () => {
    const { code, err } = await imported(
      'server=9.9.9.9\ndhcp-range=10.0.0.0,proxy\npxe-prompt=Boot,0\ndhcp-userclass=set:i,iPXE\ndhcp-boot=tag:!i,undionly.kpxe\ndhcp-boot=tag:i,http://h/boot.ipxe\n',
    )
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining('line 1: server=9.9.9.9: is about DNS'),
    })
  })

  it('refuses what is not there, no configuration at all, and other formats', async () => {
    expect(await bootwire('import', 'dnsmasq', '/nowhere/x')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('cannot read /nowhere/x: there is no such file'),
    })
    expect(await imported('hello\n')).toMatchObject({ code: 2, out: '' })
    expect(await bootwire('import', 'pixiecore', 'x')).toMatchObject({ code: 2, out: '' })
  })
})
