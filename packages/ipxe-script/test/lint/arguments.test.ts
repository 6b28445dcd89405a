import { describe, expect, it } from 'vitest'

import { debian12, lint, lintAndFix, run } from '../../src/index.ts'

const found = (line: string): string[] =>
  lint(`#!ipxe\n${line}\n`).map(({ rule, message }) => `${rule}: ${message}`)

describe('a value that the command cannot take', () => {
  it.each([
    ['sleep 1.5 || exit', 'argument-value: 1.5 is not a whole number'],
    ['sleep 3s || exit', 'argument-value: 3s is not a whole number'],
    ['exit done', 'argument-value: done is not a whole number'],
    ['cpuid --ext nx && exit ||', 'argument-value: nx is not a whole number'],
    ['set n:int8 1\ninc n two || exit', 'argument-value: two is not a whole number'],
    ['dhcp enp1s0 || exit', 'argument-value: enp1s0 is no network device; they are net0, net1, …'],
    ['ifclose wlan0 || exit', 'argument-value: wlan0 is no network device; they are net0, net1, …'],
    [
      'prompt --key F5 --timeout 900 ? && shell ||',
      'argument-value: F5 is no key to iPXE, which takes one character or its number; write 0x107e',
    ],
    [
      'menu M\nitem --key Ctrl-B a A\nchoose a || exit',
      'argument-value: Ctrl-B is no key to iPXE, which takes one character or its number; write 0x02',
    ],
    [
      'kernel htpp://boot.example/k || exit',
      'argument-value: no iPXE knows the scheme htpp; http is one',
    ],
    [
      'chain tftp:/boot.example/x || exit',
      'argument-value: tftp:/boot.example/x names no host: tftp:// is followed by one',
    ],
    ['set net1/ip 10.0.0.256', 'setting-value: net1/ip cannot hold 10.0.0.256: Invalid argument'],
    ['set dns 8.8.8', 'setting-value: dns cannot hold 8.8.8: Invalid argument'],
    ['set x:number 5', 'setting-value: x:number cannot hold 5: Operation not supported'],
    ['set x: 5', 'setting-value: x: cannot hold 5: Operation not supported'],
    ['set x:uint8 many', 'setting-value: x:uint8 cannot hold many: Invalid argument'],
    ['set net0/mac 52-54-00', 'setting-value: net0/mac cannot hold 52-54-00: Invalid argument'],
    ['set smbios/serial X', 'setting-value: smbios/serial cannot hold X: Operation not supported'],
  ])('%s', async (line, expected) => {
    expect(found(line)).toContain(expected)
    // The interpreter says so too: something on the way fails.
    const { trace } = await run(`#!ipxe\n${line}\n`, { keys: [{ key: 'enter' }] })
    expect(trace.some(({ status }) => status !== 0)).toBe(true)
  })
})

it.each([
  'sleep ${n} || exit',
  'sleep 0x10 || exit',
  'exit 010',
  'dhcp net0 || exit',
  'ifopen net${i} || exit',
  'ifopen net0-24 || exit',
  'ifconf netX || exit',
  'prompt --key 0x02 --timeout 900 ? && shell ||',
  'prompt --key é --timeout 900 ? && shell ||',
  'set net0/ip 10.0.0.3',
  'set ip ${a}.3',
  'set x:hex 00:ff',
  'set x:uint8 300',
  'set net0/gateway',
  'chain ${scheme}://boot.example/x || exit',
  'chain http:${rest} || exit',
  'chain iscsi:192.0.2.1::::iqn.2010-04.example:x || exit',
  'chain c:foo || exit',
])('says nothing of %s', (line) => {
  expect(
    found(line).filter((one) => /argument-value|setting-value|setting-expanded/.test(one)),
  ).toEqual([])
})

it('asks the build about types that came later', () => {
  const text = '#!ipxe\nset x:guid 4c4c4544-0033-3510-8052-b4c04f4d3332\n'
  expect(lint(text)).toEqual([])
  expect(lint(text, { profiles: [debian12] }).map(({ rule }) => rule)).toContain('setting-value')
})

describe('values in URIs', () => {
  it.each([
    ['chain boot?serial=${serial} || exit', true],
    ['imgfetch ${base}/x?product=${product} || exit', true],
    ['kernel k inst.ks=http://boot.example/ks?s=${serial} || exit', true],
    ['set url http://boot.example/?a=${asset}', true],
    ['chain boot?f=${filename} || exit', true],
    ['chain http://${next-server}/${filename} || exit', false],
    ['chain ${filename} || exit', false],
    ['chain http://${hostname}/boot.ipxe || exit', false],
    ['kernel k hostname=${hostname} || exit', false],
    ['echo http://boot.example/${serial}', false],
    ['chain boot?serial=${serial:uristring} || exit', false],
  ])('%s: %j', (line, told) => {
    expect(found(line).some((one) => one.startsWith('uristring'))).toBe(told)
  })
})

it.each([
  ['set net0/ip=10.0.0.3\n', 'set net0/ip 10.0.0.3\n'],
  ['set net0/ip=dhcp\n', 'set net0/ip=dhcp\n'],
  ['set n:int32=7\n', 'set n:int32 7\n'],
  ['set url=http://boot.example/?a=b c\n', 'set url http://boot.example/?a=b c\n'],
])('set with = is cured only where iPXE can store the value: %j', (before, after) => {
  expect(lintAndFix(`#!ipxe\n${before}`)).toBe(`#!ipxe\n${after}`)
  expect(found(before.trim()).some((one) => one.startsWith('set-equals'))).toBe(true)
})

it.each([
  ['set n 3\ninc n\n', 'set n:int32 3\ninc n\n'],
  ['set n 007\ninc n\n', 'set n 007\ninc n\n'],
  ['set n ${start}\ninc n\n', 'set n ${start}\ninc n\n'],
  ['set priority 3\ninc priority\n', 'set priority 3\ninc priority\n'],
])('a counter is given its type where that changes no text of it: %j', (before, after) => {
  expect(lintAndFix(`#!ipxe\n${before}`)).toBe(`#!ipxe\n${after}`)
})
