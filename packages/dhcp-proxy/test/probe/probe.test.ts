import { describe, expect, it } from 'vitest'

import {
  mainDhcpServer,
  type MainDhcpOptions,
  type VirtualServer,
} from '../../src/clients/index.ts'
import { CLIENT_KINDS, clientKindOf } from '../../src/clients/kinds.ts'
import type { BootAnswer } from '../../src/index.ts'
import { findBlockers, type Blocker } from '../../src/probe/blockers.ts'
import { probe, type ProbeReport } from '../../src/probe/probe.ts'
import type { Exchange } from '../../src/probe/rehearse.ts'
import { reportText } from '../../src/probe/report.ts'
import { ourProxy } from '../clients/our-proxy.ts'

const BOOT: BootAnswer = { action: 'boot', file: 'boot.0' }

interface Network {
  readonly exchange: Exchange
  /** How often the network was asked, and at which stage. */
  readonly questions: string[]
}

/** A network of virtual servers that answers at once. */
const networkOf = (...servers: VirtualServer[]): Network => {
  const questions: string[] = []
  return {
    questions,
    exchange: async (question, stage) => {
      questions.push(stage)
      return servers
        .filter(
          ({ address }) =>
            question.to.address === '255.255.255.255' || question.to.address === address,
        )
        .flatMap((server) => server.answer(question, 0))
        .map((datagram) => ({ afterMs: 1, datagram }))
    },
  }
}

const main = (options: MainDhcpOptions = {}): VirtualServer => mainDhcpServer(options)

const as = (kind: string, network: Network): Promise<ProbeReport> =>
  probe(
    clientKindOf(kind)!.model(kind.startsWith('rpi') ? { mac: 'b8:27:eb:12:34:56' } : {}),
    network.exchange,
  )

const codes = (blockers: readonly Blocker[]): string[] => blockers.map(({ code }) => code)

describe('a probe', () => {
  it.each(Object.keys(CLIENT_KINDS))('reaches the end of its boot as %s', async (kind) => {
    const url = kind.endsWith('-http') ? 'http://192.0.2.2/boot.efi' : 'boot.0'
    const decision: BootAnswer = kind.startsWith('rpi')
      ? { action: 'boot' }
      : { ...BOOT, file: url }
    const report = await as(kind, networkOf(main(), ourProxy(decision)))
    expect(report.sentence).toMatch(/^downloads .+ from 192\.0\.2\.2/)
    expect(report.blockers).toEqual([])
  })

  it('asks for offers once, and never for a lease, however long the client would try', async () => {
    const network = networkOf(main())
    const report = await as('uefi-x64', network)
    expect(network.questions).toEqual(['discover'])
    expect(report.outcome).toMatchObject({ type: 'gave-up', atMs: 60_000 })
  })

  it('asks a boot server where the client would, and shows its answer', async () => {
    const network = networkOf(main(), ourProxy({ ...BOOT, layout: 'binl' }))
    const report = await as('uefi-x64', network)
    expect(network.questions).toEqual(['discover', 'boot-server'])
    expect(report.bootServers).toMatchObject([
      { asked: '192.0.2.2:4011', answers: [{ file: 'boot.0' }] },
    ])
    expect(report.sentence).toBe('downloads boot.0 from 192.0.2.2 (tftp)')
  })

  it('asks a silent boot server once', async () => {
    const network = networkOf(main({ echoesVendorClass: true }), ourProxy(BOOT))
    const report = await as('uefi-x64', network)
    expect(network.questions).toEqual(['discover', 'boot-server'])
    expect(codes(report.blockers)).toEqual(['ECHOED_VENDOR_CLASS'])
    expect(report.sentence).toMatch(/^gave up because no boot server named a file/)
  })

  it('tells for each offer from whom it is, what the client does with it and why', async () => {
    const report = await as('uefi-x64', networkOf(main(), ourProxy(BOOT)))
    expect(report.offers).toMatchObject([
      {
        from: '192.0.2.1',
        kind: 'address',
        address: '192.0.2.100',
        verdict: { accepted: true, role: 'DhcpOnly' },
      },
      {
        from: '192.0.2.2',
        kind: 'proxy',
        file: 'boot.0',
        verdict: { accepted: true, role: 'ProxyPxe10' },
      },
    ])
    const text = reportText(report)
    expect(text).toContain(
      '192.0.2.2 after 1 ms, ProxyDHCP: next server 192.0.2.2, file boot.0, option 60 "PXEClient"',
    )
    expect(text).toContain('the client takes it (ProxyPxe10): no address, PXEClient, option 43.6')
    expect(text).toContain(
      'The client downloads boot.0 from 192.0.2.2 (tftp)\n  waits 4000 ms for offers',
    )
  })

  it('says when nobody answers', async () => {
    const report = await as('bios', networkOf())
    expect(codes(report.blockers)).toEqual(['NO_ADDRESS', 'NO_PROXY'])
    expect(reportText(report)).toContain(
      'In the way:\n  NO_ADDRESS: no DHCP server offered an address',
    )
  })

  it('writes what strangers send as one line of plain text', async () => {
    const report = await as('uefi-x64', networkOf(main({ file: 'a\u001B[2J\nb' })))
    expect(report.offers[0]!.file).toBe(String.raw`a\x1b[2J\x0ab`)
  })
})

const offer = (kind: 'address' | 'proxy', from: string, more: object = {}) => ({
  kind,
  from,
  afterMs: 1,
  serverId: from,
  options: [],
  ...more,
})
describe('what stands in the way', () => {
  const good = [offer('address', '192.0.2.1'), offer('proxy', '192.0.2.2')]

  it.each([
    ['nothing', good, []],
    ['a second ProxyDHCP server', [...good, offer('proxy', '192.0.2.3')], ['SECOND_PROXY']],
    ['a second offer of the same', [...good, good[1]!], []],
    [
      'a boot file of the main server',
      [offer('address', '192.0.2.1', { file: 'x' }), good[1]!],
      ['FOREIGN_BOOT_FILE'],
    ],
    [
      'a next server elsewhere',
      [offer('address', '192.0.2.1', { nextServer: '192.0.2.9' }), good[1]!],
      ['FOREIGN_NEXT_SERVER'],
    ],
    [
      'the main server as next server',
      [offer('address', '192.0.2.1', { nextServer: '192.0.2.1' }), good[1]!],
      [],
    ],
    [
      'the proxy as next server',
      [offer('address', '192.0.2.1', { nextServer: '192.0.2.2' }), good[1]!],
      [],
    ],
    ['a second DHCP server', [...good, offer('address', '192.0.2.4')], ['SECOND_DHCP_SERVER']],
    ['no proxy', [good[0]!], ['NO_PROXY']],
  ])('is %s', (_name, offers, wanted) => {
    expect(codes(findBlockers(offers, 'PXEClient:Arch:00007'))).toEqual(wanted)
  })
})
