import { afterEach, describe, expect, it } from 'vitest'

import { decodePacket, encodePacket } from '../../src/codec/index.ts'
import type { BootDecision, ProxyDhcpServerOptions } from '../../src/index.ts'
import { clientPacket, hex } from '../support/packets.ts'
import { SERVER } from '../support/requests.ts'
import { type Bench, serve } from '../support/server.ts'

let bench: Bench
const start = async (options?: Partial<ProxyDhcpServerOptions>) => {
  bench = await serve(options)
  return bench
}
afterEach(() => bench.close())

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A decide whose promises are settled by the test. */
const held = () => {
  const asked: {
    resolve: (decision: BootDecision) => void
    reject: (error: Error) => void
    signal: AbortSignal
  }[] = []
  const decide: ProxyDhcpServerOptions['decide'] = (_request, { signal }) =>
    new Promise((resolve, reject) => asked.push({ resolve, reject, signal }))
  return { asked, decide }
}

describe('decisions that take time', () => {
  const BOOT: BootDecision = { action: 'boot', file: 'a.0' }

  it('are made once, however often the client asks meanwhile and afterwards', async () => {
    const { asked, decide } = held()
    const { hear, drops, udp, records, clock } = await start({ decide })
    hear(clientPacket())
    hear(clientPacket({ secs: 8 }))
    expect(drops()).toEqual(['retransmission'])
    asked[0]?.resolve(BOOT)
    await settled()
    clock.advance(4000)
    hear(clientPacket({ secs: 12 }))
    expect([asked.length, udp.sent.length]).toEqual([1, 2])
    expect(records.decision.map(({ by }) => by)).toEqual(['decide', 'cached'])
    expect(clock.waiting).toBe(0)
  })

  it('are made anew for another xid, port, type, firmware or boot item, and after 64 s', async () => {
    let asked = 0
    const { hear, clock, udp } = await start({
      decide: () => {
        asked++
        return { action: 'ignore' }
      },
    })
    hear(clientPacket())
    hear(clientPacket({ xid: 2 }))
    hear(clientPacket({}, { 77: 'iPXE' }))
    hear(clientPacket({}, { 53: hex('03'), 43: hex('47 04 8000 0000 ff') }))
    hear(clientPacket({}, { 53: hex('03'), 43: hex('47 04 8001 0000 ff') }))
    udp.deliver(
      SERVER,
      4011,
      encodePacket(clientPacket({}, { 53: hex('03'), 43: hex('47 04 8001 0000 ff') })),
    )
    expect(asked).toBe(6)
    clock.advance(64_000)
    hear(clientPacket())
    expect(asked).toBe(7)
  })

  it('end at their deadline in silence, and the next retransmission asks again', async () => {
    const { asked, decide } = held()
    const { hear, drops, udp, clock } = await start({ decide, decideTimeoutMs: 500 })
    hear(clientPacket())
    const signal = asked[0]?.signal
    clock.advance(499)
    expect(signal?.aborted).toBe(false)
    clock.advance(1)
    expect([drops(), signal?.aborted]).toEqual([['decide-late'], true])
    asked[0]?.resolve(BOOT)
    await settled()
    expect(udp.sent).toEqual([])
    hear(clientPacket())
    asked[1]?.resolve(BOOT)
    await settled()
    expect(udp.sent).toHaveLength(1)
  })

  it('or in the stated fallback', async () => {
    const { decide } = held()
    const { hear, records, clock } = await start({
      decide,
      fallback: { ...BOOT, context: 'fallback' },
    })
    hear(clientPacket())
    clock.advance(1000)
    expect(records.decision).toMatchObject([{ by: 'fallback', context: 'fallback' }])
    expect(records.reply).toMatchObject([{ file: 'a.0' }])
  })

  it('may fail', async () => {
    const { asked, decide } = held()
    const { hear, drops, clock } = await start({ decide })
    hear(clientPacket())
    asked[0]?.reject(new Error('no'))
    await settled()
    expect([drops(), clock.waiting]).toEqual([['decide-failed'], 0])
  })

  it('are bounded in number', async () => {
    const { decide } = held()
    const { hear, drops } = await start({ decide, limits: { maxPending: 2 } })
    for (let xid = 1; xid <= 4; xid++) hear(clientPacket({ xid }))
    expect(drops()).toEqual(['busy', 'busy'])
  })

  it('are called off when the server closes', async () => {
    const { asked, decide } = held()
    const { hear, server, udp, clock } = await start({ decide })
    hear(clientPacket())
    const signal = asked[0]?.signal
    await server.close()
    expect(signal?.reason).toMatchObject({ code: 'ERR_DHCP_CLOSED' })
    asked[0]?.resolve(BOOT)
    await settled()
    expect([udp.sent, clock.waiting]).toEqual([[], 0])
  })
})

describe('delays', () => {
  it('hold one reply back, and no other', async () => {
    const { hear, udp, clock } = await start({
      decide: ({ xid }) => ({
        action: 'boot',
        file: 'a.0',
        ...(xid === 1 && { delayMs: 1500 }),
      }),
    })
    hear(clientPacket({ xid: 1 }))
    hear(clientPacket({ xid: 2 }))
    expect(udp.sent.map(({ bytes }) => decodePacket(bytes).xid)).toEqual([2])
    clock.advance(1499)
    expect(udp.sent).toHaveLength(1)
    clock.advance(1)
    expect(udp.sent.map(({ bytes }) => decodePacket(bytes).xid)).toEqual([2, 1])
  })

  it('let the main server answer a Raspberry Pi first', async () => {
    const { hear, udp, clock } = await start()
    hear(clientPacket({}, { 97: hex(`00${'44'.repeat(16)}`) }))
    clock.advance(999)
    expect(udp.sent).toEqual([])
    clock.advance(1)
    expect(udp.sent).toHaveLength(1)
  })

  it('are bounded in number, and end when the server closes', async () => {
    const { hear, server, drops, udp, clock } = await start({
      decide: () => ({ action: 'boot', file: 'a.0', delayMs: 10_000 }),
      limits: { maxPending: 1 },
    })
    hear(clientPacket({ xid: 1 }))
    hear(clientPacket({ xid: 2 }))
    expect(drops()).toEqual(['busy'])
    await server.close()
    clock.advance(20_000)
    expect(udp.sent).toEqual([])
  })
})

describe('limits', () => {
  it('hold for one hardware address', async () => {
    const { hear, drops, clock, udp } = await start({
      limits: { clientPerSecond: 1, clientBurst: 2 },
    })
    for (let i = 0; i < 4; i++) hear(clientPacket())
    expect([udp.sent.length, drops()]).toEqual([2, ['rate-client', 'rate-client']])
    clock.advance(1000)
    hear(clientPacket())
    expect(udp.sent).toHaveLength(3)
  })

  it('hold for one relay, and leave others alone', async () => {
    const { hear, drops } = await start({ limits: { relayPerSecond: 1, relayBurst: 1 } })
    const behind = (giaddr: string, last: number) => {
      const chaddr = new Uint8Array(16)
      chaddr[5] = last
      hear(clientPacket({ giaddr, chaddr }))
    }
    behind('10.1.0.1', 1)
    behind('10.1.0.1', 2)
    behind('10.2.0.1', 3)
    expect(drops()).toEqual(['rate-relay'])
  })

  it('hold for all', async () => {
    const { hear, drops, records } = await start({ limits: { totalPerSecond: 1, totalBurst: 1 } })
    hear(clientPacket())
    hear(clientPacket())
    expect(drops()).toEqual(['rate-total'])
    expect(records.packet).toHaveLength(1)
  })
})

const gives = (value: string) => JSON.parse(value)

describe('what is no decision', () => {
  it.each([
    ['nothing', () => gives('null'), /null is not a decision/],
    ['a boot file alone', () => gives('{"file":"a.0"}'), /is not a decision/],
    ['nothing, in a promise', async () => gives('null'), /null is not a decision/],
  ])('%s, is told of and the server goes on', async (_name, decide, detail) => {
    const { hear, records } = await start({ decide })
    hear(clientPacket())
    await settled()
    expect(records.drop).toMatchObject([{ reason: 'decide-failed' }])
    expect(records.drop[0]?.detail).toMatch(detail)
    hear(clientPacket({ xid: 2 }))
    await settled()
    expect(records.drop).toHaveLength(2)
  })

  it('a promise of another library is waited for', async () => {
    const real = Promise.resolve<BootDecision>({ action: 'boot', file: 'a.0' })
    // oxlint-disable-next-line no-thenable -- that is what it is about
    const { hear, udp } = await start({ decide: () => ({ then: real.then.bind(real) }) })
    hear(clientPacket())
    await settled()
    expect(udp.sent).toHaveLength(1)
  })
})

it('addresses are found by a MAC in capitals or with dashes', async () => {
  const { hear, server } = await start()
  hear(clientPacket({ ciaddr: '10.0.0.50' }))
  expect(server.addressOf('52-54-00-12-34-56'.toUpperCase())).toBe('10.0.0.50')
})
