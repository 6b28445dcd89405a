import { describe, expect, it } from 'vitest'

import {
  biosRom,
  describeOutcome,
  edk2Http,
  edk2Pxe,
  ipxe,
  mainDhcpServer,
  raspberryPi,
  simulate,
  uBoot,
  type ClientModel,
} from '../../src/clients/index.ts'
import type { BootAnswer } from '../../src/index.ts'
import { ourProxy } from './our-proxy.ts'

const OPTIONS_AT = 240
const PI = { mac: 'b8:27:eb:00:00:01' }

interface Option {
  readonly tag: number
  readonly value: readonly number[]
}

/** Takes a reply of ours apart and writes it again with other options: valid, but for what the change does. */
const withOptions = (
  payload: Uint8Array,
  change: (options: readonly Option[]) => readonly Option[],
  { end = true }: { end?: boolean } = {},
): Uint8Array => {
  const options: Option[] = []
  for (let at = OPTIONS_AT; payload[at] !== 255; at += 2 + payload[at + 1]!) {
    options.push({
      tag: payload[at]!,
      value: [...payload.subarray(at + 2, at + 2 + payload[at + 1]!)],
    })
  }
  const bytes = change(options).flatMap(({ tag, value }) => [tag, value.length, ...value])
  const written = [...payload.subarray(0, OPTIONS_AT), ...bytes, ...(end ? [255] : [])]
  return Uint8Array.from([
    ...written,
    ...Array.from({ length: Math.max(0, 300 - written.length) }, () => 0),
  ])
}

const without =
  (...tags: number[]) =>
  (payload: Uint8Array) =>
    withOptions(payload, (options) => options.filter(({ tag }) => !tags.includes(tag)))

const replaced = (tag: number, value: readonly number[]) => (payload: Uint8Array) =>
  withOptions(payload, (options) =>
    options.map((option) => (option.tag === tag ? { tag, value } : option)),
  )

const header =
  (at: number, ...bytes: number[]) =>
  (payload: Uint8Array) => {
    const copy = Uint8Array.from(payload)
    copy.set(bytes, at)
    return copy
  }

const both =
  (...changes: ((payload: Uint8Array) => Uint8Array)[]) =>
  (payload: Uint8Array) =>
    changes.reduce((bytes, change) => change(bytes), payload)

const MUTATIONS = {
  'no option 54': without(54),
  'option 54 of zeros': replaced(54, [0, 0, 0, 0]),
  'option 54 of three bytes': replaced(54, [192, 0, 2]),
  'no END': (payload: Uint8Array) => withOptions(payload, (options) => options, { end: false }),
  'no message type': without(53),
  'an empty option 60': replaced(60, []),
  'option 54 twice': (payload: Uint8Array) =>
    withOptions(payload, (options) => [...options, ...options.filter(({ tag }) => tag === 54)]),
  'an empty option 12': (payload: Uint8Array) =>
    withOptions(payload, (options) => [...options, { tag: 12, value: [] }]),
  'no option 60': without(60),
  'another transaction': header(4, 1, 2, 3, 4),
  'another machine': header(28, 2, 2, 2),
  // 140 bytes of `file` run over the cookie and into the options: what an encoder without a check writes.
  'a file name of 140 bytes written over the cookie': header(
    108,
    ...Array.from({ length: 140 }, () => 0x61),
  ),
  'an overloaded file field that holds a name': (payload: Uint8Array) =>
    withOptions(payload, (options) => [...options, { tag: 52, value: [1] }]),
  'an option that runs past the end': (payload: Uint8Array) => {
    const end = payload.lastIndexOf(255)
    return Uint8Array.from([...payload.subarray(0, end), 12, 200])
  },
  'no file in the header, and none in option 67': both(
    without(67),
    header(108, ...Array.from({ length: 128 }, () => 0)),
  ),
  'no file in the header': header(108, ...Array.from({ length: 128 }, () => 0)),
  'no siaddr': header(20, 0, 0, 0, 0),
} as const

type Mutation = keyof typeof MUTATIONS

const boot = (more: Partial<BootAnswer> = {}): BootAnswer => ({
  action: 'boot',
  file: 'boot.0',
  ...more,
})

const end = (
  client: ClientModel,
  change: (payload: Uint8Array) => Uint8Array,
  decision = boot(),
): string => {
  const servers = [mainDhcpServer(), ourProxy(decision, change)]
  return describeOutcome(simulate({ client, servers }).outcome!).replace(/ after \d+ ms$/, '')
}

const OK = 'downloads boot.0 from 192.0.2.2 (tftp)'
const EDK2_NONE = 'gave up because none of the offers can be used (DhcpOnly)'
const ROM_NONE = 'gave up because no boot file was named (PXE-E53)'
const IPXE_NONE = 'gave up because nothing to boot: no file was named'
const UBOOT_NONE = 'gave up because no reply had the header field file, the only one that is read'

// What each real client does with a reply that is wrong in this one way. Those of EDK2 and iPXE without option 54 and
// without END are held against captures (see replay.test.ts); the others follow from what they read.
const TABLE: readonly (readonly [
  Mutation,
  { edk2: string; rom: string; ipxe: string; uboot: string },
])[] = [
  ['no option 54', { edk2: EDK2_NONE, rom: ROM_NONE, ipxe: OK, uboot: OK }],
  ['option 54 of zeros', { edk2: EDK2_NONE, rom: ROM_NONE, ipxe: OK, uboot: OK }],
  ['option 54 of three bytes', { edk2: EDK2_NONE, rom: ROM_NONE, ipxe: OK, uboot: OK }],
  ['no END', { edk2: EDK2_NONE, rom: OK, ipxe: OK, uboot: OK }],
  [
    'no message type',
    {
      edk2: EDK2_NONE.replace('DhcpOnly', 'DhcpOnly, Bootp'),
      rom: ROM_NONE,
      ipxe: OK,
      uboot: UBOOT_NONE,
    },
  ],
  ['an empty option 60', { edk2: EDK2_NONE, rom: ROM_NONE, ipxe: IPXE_NONE, uboot: OK }],
  ['option 54 twice', { edk2: EDK2_NONE, rom: OK, ipxe: OK, uboot: OK }],
  ['an empty option 12', { edk2: OK, rom: OK, ipxe: OK, uboot: OK }],
  ['no option 60', { edk2: EDK2_NONE, rom: ROM_NONE, ipxe: IPXE_NONE, uboot: OK }],
  ['another transaction', { edk2: EDK2_NONE, rom: ROM_NONE, ipxe: IPXE_NONE, uboot: UBOOT_NONE }],
  ['another machine', { edk2: EDK2_NONE, rom: ROM_NONE, ipxe: IPXE_NONE, uboot: UBOOT_NONE }],
  [
    'a file name of 140 bytes written over the cookie',
    {
      edk2: EDK2_NONE.replace('DhcpOnly', 'DhcpOnly, Bootp'),
      rom: ROM_NONE,
      ipxe: IPXE_NONE,
      uboot: UBOOT_NONE,
    },
  ],
  ['an overloaded file field that holds a name', { edk2: EDK2_NONE, rom: OK, ipxe: OK, uboot: OK }],
  ['an option that runs past the end', { edk2: EDK2_NONE, rom: OK, ipxe: OK, uboot: OK }],
  ['no file in the header', { edk2: OK, rom: OK, ipxe: OK, uboot: UBOOT_NONE }],
  [
    'no siaddr',
    { edk2: OK, rom: OK, ipxe: IPXE_NONE, uboot: OK.replace('192.0.2.2', '192.0.2.1') },
  ],
]

describe('a reply that is wrong in one way', () => {
  it.each(TABLE)('has %s', (mutation, { edk2, rom, ipxe: ipxeEnd, uboot }) => {
    const change = MUTATIONS[mutation]
    expect(end(edk2Pxe(), change), 'EDK2').toBe(edk2)
    expect(end(biosRom(), change), 'BIOS ROM').toBe(rom)
    expect(end(ipxe(), change), 'iPXE').toBe(ipxeEnd)
    expect(end(uBoot(), change, boot({ layout: 'u-boot' })), 'U-Boot').toBe(uboot)
  })

  it('has 128 bytes of file name without a NUL, and EDK2 reads on into the options', () => {
    const name = 'a'.repeat(128)
    const full = both(without(67), header(108, ...Array.from(name, () => 0x61)))
    // The cookie, options 53 and 54, up to the first NUL: captured so from OVMF 2022.11.
    expect(end(edk2Pxe(), full)).toBe(
      `downloads ${name}c\u0082Sc5\u0001\u00026\u0004\u00C0 from 192.0.2.2 (tftp)`,
    )
    expect(end(ipxe(), full)).toBe(`downloads ${name} from 192.0.2.2 (tftp)`)
  })

  it('is no use to HTTP Boot without a URL that it can read', () => {
    const none = 'gave up because none of the offers can be used (DhcpDns)'
    const decision = boot({ file: 'http://192.0.2.2/boot.efi' })
    expect(end(edk2Http(), MUTATIONS['no option 60'], decision)).toBe(none)
    expect(
      end(edk2Http(), MUTATIONS['no file in the header, and none in option 67'], decision),
    ).toBe(none)
    expect(end(edk2Http(), without(), boot({ layout: 'direct', file: 'boot.efi' }))).toBe(none)
  })

  it('is no use to a Raspberry Pi without its menu', () => {
    const none = 'gave up because no offer had a menu (43.9) with "Raspberry Pi Boot"'
    expect(end(raspberryPi(PI), without(43), { action: 'boot' })).toBe(none)
    expect(end(raspberryPi(PI), without(), { action: 'boot' })).toBe(
      'downloads 00000000/start4.elf from 192.0.2.2 (tftp)',
    )
  })
})

/** Option 43 made of parts as given. */
const vendor = (...parts: number[][]) => replaced(43, [...parts.flat(), 255])

const forAnotherItem = (payload: Uint8Array, port: number): Uint8Array =>
  port === 4011 ? replaced(43, [71, 4, 0x80, 9, 0, 0, 255])(payload) : payload

describe('a menu that is wrong in one way', () => {
  const menu = {
    items: [
      { text: 'one', file: 'one.0' },
      { text: 'two', file: 'two.0' },
    ],
    timeoutSeconds: 0,
  }
  const decision: BootAnswer = { action: 'boot', menu }
  const CONTROL = [6, 1, 3]
  const PROMPT = [10, 4, 0, 0x50, 0x58, 0x45]
  const ITEM = [9, 6, 0x80, 0, 3, 0x6f, 0x6e, 0x65]
  const OTHER_SERVERS = [8, 7, 0x80, 1, 1, 192, 0, 2, 2]
  const menuEnd = (client: ClientModel, ...parts: number[][]): string =>
    end(client, vendor(...parts), decision)

  it('lacks a boot server for the item', () => {
    const parts = [CONTROL, PROMPT, OTHER_SERVERS, ITEM]
    expect(menuEnd(edk2Pxe(), ...parts)).toBe(
      'gave up because option 43.8 has no entry for boot item 32768',
    )
    expect(menuEnd(ipxe(), ...parts)).toBe(
      'gave up because there is no boot server for boot item 32768',
    )
    expect(menuEnd(biosRom(), ...parts)).toBe(
      'gave up because there is no boot server for boot item 32768 (PXE-E77)',
    )
  })

  it('has no items, so EDK2 boots from the local disk', () => {
    const { outcome } = simulate({
      client: edk2Pxe(),
      servers: [mainDhcpServer(), ourProxy(decision, vendor(CONTROL, PROMPT))],
    })
    expect(outcome).toMatchObject({ type: 'gave-up', code: 'LOCAL_BOOT' })
  })

  it('runs past its end, where EDK2 wraps round to the start of it and may never come back', () => {
    const long = [9, 253, 0x80, 0, 3, 0x6f, 0x6e, 0x65]
    const { verdicts, outcome } = simulate({
      client: edk2Pxe(),
      servers: [mainDhcpServer(), ourProxy(decision, replaced(43, [...CONTROL, ...long]))],
    })
    expect(verdicts.find(({ accepted }) => !accepted)!.why).toContain('never finish reading')
    expect(outcome).toMatchObject({ type: 'gave-up' })
  })

  it('is answered for another item', () => {
    const servers = [mainDhcpServer(), ourProxy(decision, forAnotherItem)]
    const none = { type: 'gave-up', code: 'NO_BOOT_SERVER' }
    expect(simulate({ client: ipxe(), servers }).outcome).toMatchObject(none)
    expect(simulate({ client: biosRom(), servers }).outcome).toMatchObject(none)
    // EDK2 does not look.
    expect(simulate({ client: edk2Pxe(), servers }).outcome).toMatchObject({
      type: 'download',
      file: 'one.0',
    })
  })
})
