import { describe, expect, it } from 'vitest'

import {
  biosRom,
  describeOutcome,
  edk2Http,
  edk2Pxe,
  huaweiUefi,
  ipxe,
  mainDhcpServer,
  raspberryPi,
  shim,
  simulate,
  uBoot,
  type ClientModel,
  type Datagram,
  type MainDhcpOptions,
} from '../../src/clients/index.ts'
import { ARCHITECTURES, type BootAnswer, type BootMenu } from '../../src/index.ts'
import { ourProxy, PROXY } from './our-proxy.ts'

/** One kind of client, what it is sent, and where it has to end. */
interface Case {
  readonly name: string
  readonly client: () => ClientModel
  readonly decision: BootAnswer
  readonly ends: string
  /** How long it may collect offers when nothing is lost. */
  readonly windowMs: number
  /** Where it ends when our offer is lost, for one that asks no second time. */
  readonly withoutOurOffer?: string
  /** Where it ends when the main server names a file of its own. */
  readonly withForeignFile?: string
  /** Where it ends when the main server says PXEClient back. */
  readonly withEcho?: string
}

const FILE = 'boot/program.0'
const URL_BY_ADDRESS = 'http://192.0.2.2/boot.efi'
const FOREIGN = { nextServer: '192.0.2.9', file: 'foreign/program.0' }
const OFFERS_MS = 4000
const MENU: BootMenu = {
  items: [
    { text: 'first', file: FILE },
    { text: 'second', file: 'boot/second.0' },
    { text: 'local disk' },
  ],
  timeoutSeconds: 3,
}

const boot = (more: Partial<BootAnswer> = {}): BootAnswer => ({
  action: 'boot',
  file: FILE,
  ...more,
})
const { file: _, ...menuOnly } = boot({ layout: 'menu', menu: MENU })

const from = (file: string, server = PROXY): string => `downloads ${file} from ${server} (tftp)`
const FOREIGN_END = from(FOREIGN.file, FOREIGN.nextServer)

const PXE_LAYOUTS: readonly (readonly [string, BootAnswer])[] = [
  ['direct', boot({ layout: 'direct' })],
  ['direct-prompt', boot({ layout: 'direct-prompt' })],
  ['binl', boot({ layout: 'binl' })],
  ['menu', menuOnly],
]

const NO_4011 = 'gave up because no boot server named a file on port 4011 (PXE-E16)'
const NOTHING_TO_BOOT = 'gave up because nothing to boot: no file was named'
const ROM_NO_4011 = 'gave up because 192.0.2.1 did not answer on port 4011 (PXE-E55)'

const PI_FILES = {
  3: 'bootcode.bin',
  4: '1234abcd/start4.elf',
  5: '1234abcd/config.txt',
} as const

/** All clients that can send this architecture, with every layout that they understand. */
const casesOf = (architecture: number): readonly Case[] => {
  const { platform, protocol, name: title } = ARCHITECTURES.get(architecture)!
  const pxe = (name: string, client: () => ClientModel, more: Partial<Case>): Case[] =>
    PXE_LAYOUTS.map(([layout, decision]) => ({
      name: `${name}, ${layout}`,
      client,
      decision,
      ends: from(FILE),
      windowMs: OFFERS_MS,
      ...more,
    }))
  // iPXE runs on all of them.
  const withIpxe = pxe(`iPXE ${architecture}`, () => ipxe({ architecture }), {
    windowMs: 2000,
    withEcho: NOTHING_TO_BOOT,
  }).map((each) => ({
    ...each,
    // A main server that names a file wins over any ProxyDHCP, unless there is a menu.
    ...(each.decision.menu ? {} : { withForeignFile: FOREIGN_END }),
  }))
  const edk2 = pxe(`EDK2 PXE ${architecture}`, () => edk2Pxe({ architecture }), {
    withEcho: NO_4011,
  })
  const rom = pxe(`BIOS ROM ${architecture}`, () => biosRom({ architecture }), {
    withEcho: ROM_NO_4011,
  })
  const http: Case = {
    name: `EDK2 HTTP Boot ${architecture}`,
    client: () => edk2Http({ architecture }),
    decision: boot({ file: URL_BY_ADDRESS }),
    ends: `downloads ${URL_BY_ADDRESS} from 192.0.2.2 (http)`,
    windowMs: OFFERS_MS,
    withEcho: 'gave up because nobody offered an address (offers: ProxyIpUri)',
  }
  const board: Case = {
    name: `U-Boot ${architecture}`,
    client: () => uBoot({ architecture }),
    decision: boot({ layout: 'u-boot' }),
    ends: from(FILE),
    windowMs: 250,
    withoutOurOffer:
      'gave up because no reply had the header field file, the only one that is read',
  }
  const pi = (model: 3 | 4 | 5): Case => ({
    name: `Raspberry Pi ${model}, architecture ${architecture}`,
    client: () =>
      raspberryPi({ model, architecture, mac: 'b8:27:eb:12:34:56', serial: '1234abcd' }),
    decision: { action: 'boot' },
    ends: from(PI_FILES[model]),
    windowMs: 2000,
  })
  if (title.includes('U-Boot')) return [board]
  if (title.includes('Raspberry')) return [pi(4), pi(5)]
  if (protocol === 'http') return [http]
  // HW-Client is not echoed by a main server that echoes PXEClient.
  const huawei = pxe(`Huawei UEFI ${architecture}`, () => huaweiUefi({ architecture }), {})
  if (platform === 'efi') return [...edk2, ...withIpxe, ...(architecture === 11 ? huawei : [])]
  if (platform === 'bios') return [...rom, ...withIpxe, pi(3), pi(4)]
  return withIpxe
}

/** What the main server does; the last field says how often it changes where a client ends. */
const BEHAVIOURS: readonly (readonly [string, MainDhcpOptions])[] = [
  ['gives addresses only', { nextServer: '0.0.0.0' }],
  ['names itself as next server', {}],
  ['names a foreign next server', { nextServer: '192.0.2.9' }],
  ['names a foreign file', FOREIGN],
  ['names no DNS server', { dns: false }],
  ['pings for 3 s before it offers', { delayMs: 3000 }],
  ['answers option 60', { echoesVendorClass: true }],
  ['is silent', { silent: true }],
]

const expected = (one: Case, main: MainDhcpOptions): RegExp | string => {
  if (main.silent)
    return /^gave up because (?:nobody offered an address|only ProxyDHCP offers came)/
  if (main.file !== undefined) return one.withForeignFile ?? one.ends
  return main.echoesVendorClass ? (one.withEcho ?? one.ends) : one.ends
}

const run = (one: Case, main: MainDhcpOptions, lost?: number): ReturnType<typeof simulate> =>
  simulate({
    client: one.client(),
    servers: [mainDhcpServer(main), ourProxy(one.decision)],
    lose: (index) => index === lost,
  })

const isOurs = (datagram: Datagram): boolean => datagram.from.address === PROXY

const sentence = (text: ReturnType<typeof simulate>): string =>
  describeOutcome(text.outcome!).replace(/ after \d+ ms$/, '')

const agrees = (got: string, wanted: RegExp | string): boolean =>
  typeof wanted === 'string' ? got === wanted : wanted.test(got)

/** Where the client may end when this packet is lost: without our offer the file of another is all there is. */
const allowed = (
  one: Case,
  main: MainDhcpOptions,
  lost: Datagram,
): readonly (RegExp | string)[] => {
  const other = main.file === undefined ? one.withoutOurOffer : FOREIGN_END
  return [expected(one, main), ...(isOurs(lost) && other !== undefined ? [other] : [])]
}

describe.each([...ARCHITECTURES.keys()])('architecture %i', (architecture) => {
  const cases = casesOf(architecture)

  it.each(cases)('$name: ends where it should, whatever the main server does', (one) => {
    const wrong = BEHAVIOURS.flatMap(([behaviour, main]) => {
      const got = sentence(run(one, main))
      return agrees(got, expected(one, main)) ? [] : [{ behaviour, got }]
    })
    expect(wrong).toEqual([])
  })

  it.each(cases)('$name: ends there too when any one packet is lost', (one) => {
    const wrong = BEHAVIOURS.flatMap(([behaviour, main]) =>
      run(one, main).packets.flatMap(({ datagram }, lost) => {
        const got = sentence(run(one, main, lost))
        return allowed(one, main, datagram).some((end) => agrees(got, end))
          ? []
          : [{ behaviour, lost, got }]
      }),
    )
    expect(wrong).toEqual([])
  })

  it.each(cases)('$name: waits no longer than its own window when nothing is lost', (one) => {
    const inTime = BEHAVIOURS.filter(
      ([, main]) => !main.silent && !main.delayMs && !(main.echoesVendorClass && one.withEcho),
    )
    const tooLong = inTime.flatMap(([behaviour, main]) =>
      // EDK2 listens a second for the answer of a boot server; the others go on at once.
      (run(one, main).outcome?.waits ?? []).flatMap(({ what, ms }) => {
        const limitMs =
          what === 'offers'
            ? one.windowMs
            : what.startsWith('answer')
              ? 1000
              : Number.POSITIVE_INFINITY
        return ms <= limitMs ? [] : [{ behaviour, what, ms }]
      }),
    )
    expect(tooLong).toEqual([])
  })
})

describe('shim', () => {
  const decision = boot({ file: 'secure/shimx64.efi' })
  const loads = (main: MainDhcpOptions, answer = decision): string =>
    sentence(simulate({ client: shim(), servers: [mainDhcpServer(main), ourProxy(answer)] }))

  it('takes its second stage from beside the first', () => {
    expect(loads({})).toBe(from('secure/grubx64.efi'))
  })

  it('is sent astray by a file that the main server names', () => {
    expect(loads(FOREIGN)).toBe(from('foreign/grubx64.efi', FOREIGN.nextServer))
  })

  it('finds nothing when the name is too long for the header', () => {
    const long = boot({ file: `${'a/'.repeat(70)}shimx64.efi` })
    expect(loads({}, long)).toBe(
      'gave up because shim finds no file name in the header of any reply',
    )
  })
})

describe('a person at the keyboard', () => {
  it.each([
    ['EDK2 PXE', edk2Pxe({ choose: 1 })],
    ['iPXE', ipxe({ choose: 1 })],
    ['BIOS ROM', biosRom({ choose: 1 })],
  ])('chooses the second item of a menu: %s', (_name, client) => {
    expect(sentence(simulate({ client, servers: [mainDhcpServer(), ourProxy(menuOnly)] }))).toBe(
      from('boot/second.0'),
    )
  })

  it.each([
    ['EDK2 PXE', edk2Pxe({ choose: 2 })],
    ['iPXE', ipxe({ choose: 2 })],
    ['BIOS ROM', biosRom({ choose: 2 })],
  ])('chooses the local disk: %s', (_name, client) => {
    const { outcome } = simulate({ client, servers: [mainDhcpServer(), ourProxy(menuOnly)] })
    expect(outcome).toMatchObject({ type: 'gave-up', code: 'LOCAL_BOOT' })
  })
})

describe('a URL with a host name', () => {
  const decision = boot({ file: 'http://boot.example/boot.efi' })
  const end = (dns: boolean): object =>
    simulate({ client: edk2Http(), servers: [mainDhcpServer({ dns }), ourProxy(decision)] })
      .outcome!

  it('is no use to HTTP Boot where the main server names no DNS server', () => {
    expect(end(false)).toMatchObject({ type: 'gave-up', code: 'NO_DNS', atMs: 60_000 })
    expect(end(true)).toMatchObject({ type: 'download', server: 'boot.example' })
  })
})

describe('U-Boot without CONFIG_SERVERIP_FROM_PROXYDHCP', () => {
  it('does not look at a proxy', () => {
    const { outcome } = simulate({
      client: uBoot({ readsProxy: false }),
      servers: [mainDhcpServer(), ourProxy(boot({ layout: 'u-boot' }))],
    })
    expect(outcome).toMatchObject({ type: 'gave-up', code: 'NO_BOOT_FILE' })
  })
})
