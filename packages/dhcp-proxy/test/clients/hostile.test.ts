import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  biosRom,
  edk2Http,
  edk2Pxe,
  ipxe,
  mainDhcpServer,
  raspberryPi,
  shim,
  simulate,
  uBoot,
  type ClientModel,
  type VirtualServer,
} from '../../src/clients/index.ts'
import { ourProxy } from './our-proxy.ts'

const MODELS: readonly (readonly [string, () => ClientModel])[] = [
  ['EDK2 PXE', edk2Pxe],
  ['EDK2 HTTP Boot', edk2Http],
  ['iPXE', ipxe],
  ['BIOS ROM', biosRom],
  ['U-Boot', uBoot],
  ['Raspberry Pi', raspberryPi],
  ['shim', shim],
]

/** Some bytes of each reply are others, and its end may be missing. */
const damage = fc.record({
  bytes: fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 40 }),
  length: fc.option(fc.nat(600), { nil: undefined }),
})
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never

const damaged = (payload: Uint8Array, { bytes, length }: Damage): Uint8Array => {
  const copy = Uint8Array.from(payload)
  // Not what ties it to the exchange: it would merely be ignored.
  for (const [at, value] of bytes) if (at < copy.length && (at < 4 || at >= 8)) copy[at] = value
  return length === undefined ? copy : copy.subarray(0, length)
}

const damagedMain = (how: Damage): VirtualServer => {
  const main = mainDhcpServer()
  return {
    address: main.address,
    answer: (datagram, nowMs) =>
      main
        .answer(datagram, nowMs)
        .map((reply) => ({ ...reply, payload: damaged(reply.payload, how) })),
  }
}

describe.each(MODELS)('%s', (_name, client) => {
  it('comes to an end, whatever servers send', () => {
    fc.assert(
      fc.property(damage, damage, fc.boolean(), (mainDamage, proxyDamage, withMenu) => {
        const decision = withMenu
          ? ({ action: 'boot', menu: { items: [{ text: 'one', file: 'one.0' }] } } as const)
          : ({ action: 'boot', file: 'http://192.0.2.2/boot.efi' } as const)
        const proxy = ourProxy(decision, (payload) => damaged(payload, proxyDamage))
        const servers = [damagedMain(mainDamage), proxy]
        // A menu may list 63 boot servers, and each is asked for ten seconds.
        const { outcome } = simulate({ client: client(), servers, limitMs: 3_600_000 })
        expect(outcome).toBeDefined()
      }),
      { numRuns: 100 },
    )
  })

  it('takes no notice of packets after its end, and of time before its timer', () => {
    const model = client()
    const servers = [mainDhcpServer({ silent: true })]
    const { outcome, packets } = simulate({ client: model, servers })
    expect(outcome).toMatchObject({ type: 'gave-up' })
    const { datagram } = packets[0]!
    expect(model.handle({ type: 'packet', datagram }, 1e9)).toEqual([])
    expect(model.handle({ type: 'timer' }, 1e9)).toEqual([])
    const fresh = client()
    expect(fresh.handle({ type: 'timer' }, 5)).toEqual([])
    fresh.handle({ type: 'start' }, 5)
    expect(fresh.handle({ type: 'timer' }, 6)).toEqual([])
  })
})
