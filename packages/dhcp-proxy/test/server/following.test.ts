import { afterEach, describe, expect, it } from 'vitest'

import { encodePacket } from '../../src/codec/index.ts'
import {
  createProxyDhcpServer,
  type LocalAddress,
  type ProxyDhcpServerOptions,
} from '../../src/index.ts'
import { MemoryUdp } from '../support/memory-udp.ts'
import { clientPacket } from '../support/packets.ts'
import { settled, subscribeTo } from '../support/server.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/** Sockets in memory on a host whose addresses change. */
class Host extends MemoryUdp {
  list: LocalAddress[] = []
  readonly addresses = (): readonly LocalAddress[] => this.list
}

const at = (name: string, address: string): LocalAddress => ({ interface: name, address, mac: '' })

const setUp = (options: Partial<ProxyDhcpServerOptions>, ...list: LocalAddress[]) => {
  const transport = new Host()
  transport.list = list
  const clock = new VirtualClock()
  const server = createProxyDhcpServer({
    decide: () => ({ action: 'boot', file: 'a.0' }),
    shared: false,
    transport,
    clock,
    ...options,
  })
  const pass = async (ms = 2000) => {
    clock.advance(ms)
    await settled()
  }
  return { server, transport, clock, pass }
}

const notices = subscribeTo('notice')
afterEach(() => notices.splice(0))
const codes = () => notices.map(({ code }) => code)

describe('an interface', () => {
  it('is enough to be served: its address is looked up', async () => {
    const { server } = setUp({ interface: 'lan0' }, at('lo', '127.0.0.1'), at('lan0', '10.0.0.2'))
    expect(await server.listen()).toMatchObject({ interface: 'lan0', address: '10.0.0.2' })
    await server.close()
  })

  it('of an address is found', async () => {
    const { server } = setUp({ address: '10.0.0.2' }, at('lan0', '10.0.0.2'))
    expect(await server.listen()).toMatchObject({ interface: 'lan0' })
    await server.close()
  })

  it('that is not there, or has no address, is said', async () => {
    const { server, transport } = setUp({ interface: 'lan0' })
    await expect(server.listen()).rejects.toThrow(/lan0: there is no such interface/)
    transport.list = [at('lan1', '10.0.0.3')]
    await expect(server.listen()).rejects.toMatchObject({ code: 'ERR_DHCP_LISTEN' })
  })

  it.each([
    [{ address: '10.0.0.9' }, /10\.0\.0\.9: no interface of this host has this address/],
    [{ interface: 'lan0', address: '10.0.0.9' }, /lan0: it does not have the address 10\.0\.0\.9/],
  ])(
    'that does not have the address %o is said in terms of what was asked for',
    async (asked, said) => {
      const { server } = setUp(asked, at('lan0', '10.0.0.2'))
      await expect(server.listen()).rejects.toThrow(said)
    },
  )

  it('is waited for where that is wanted', async () => {
    const { server, transport, pass } = setUp({ interface: 'lan0' })
    const listening = server.listen({ addressTimeoutMs: 10_000 })
    await pass(1000)
    transport.list = [at('lan0', '10.0.0.2')]
    await pass(250)
    expect(await listening).toMatchObject({ address: '10.0.0.2' })
    await server.close()
  })

  it('is followed to its new address, which replies then advertise', async () => {
    const { server, transport, pass } = setUp({ interface: 'lan0' }, at('lan0', '10.0.0.2'))
    await server.listen()
    transport.list = [at('lan0', '10.0.0.22')]
    await pass()
    expect(server.interfaces).toMatchObject([{ interface: 'lan0', address: '10.0.0.22' }])
    expect(codes()).toEqual(['address-changed'])
    expect(notices[0]?.message).toBe('10.0.0.2 is no longer on lan0: 10.0.0.22 is, and served')
    await server.close()
  })

  it('without an address is not served until it has one, and both are said each time', async () => {
    const { server, transport, pass } = setUp({ interface: 'lan0' }, at('lan0', '10.0.0.2'))
    await server.listen()
    for (let round = 0; round < 2; round++) {
      transport.list = []
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await pass()
      expect(server.interfaces).toEqual([])
      transport.list = [at('lan0', '10.0.0.2')]
      // oxlint-disable-next-line no-await-in-loop
      await pass()
      expect(server.interfaces).toHaveLength(1)
    }
    expect(codes()).toEqual(['address-gone', 'address-changed', 'address-gone', 'address-changed'])
    await server.close()
  })

  it('whose address was asked for is not served by another one', async () => {
    const options = { interface: 'lan0', address: '10.0.0.2' }
    const { server, transport, pass } = setUp(options, at('lan0', '10.0.0.2'))
    await server.listen()
    transport.list = [at('lan0', '10.0.0.22')]
    await pass()
    expect([server.interfaces, codes()]).toEqual([[], ['address-gone']])
    await server.close()
  })

  it('whose new address cannot be bound is tried again', async () => {
    const { server, transport, pass } = setUp({ interface: 'lan0' }, at('lan0', '10.0.0.2'))
    await server.listen()
    transport.failures.set('10.0.0.22:67', Object.assign(new Error('EACCES'), { code: 'EACCES' }))
    transport.list = [at('lan0', '10.0.0.22')]
    await pass()
    expect([server.interfaces, codes()]).toEqual([[], ['socket-error']])
    transport.failures.clear()
    await pass()
    expect(server.interfaces).toHaveLength(1)
    await server.close()
  })
})

const passed = (name: string, address: string, fd: number) => ({
  interface: name,
  address,
  fd67: fd,
  fd4011: fd + 1,
})

describe('several interfaces', () => {
  it('come and go while the server runs', async () => {
    const { server, transport } = setUp({ sockets: [passed('lan0', '10.0.0.1', 3)] })
    await server.listen()
    await server.addInterface(passed('lan1', '10.1.0.1', 5))
    expect(server.interfaces.map((one) => one.interface)).toEqual(['lan0', 'lan1'])
    transport.deliver('10.1.0.1', 67, encodePacket(clientPacket()))
    expect(transport.sent).toHaveLength(1)
    expect([await server.removeInterface('lan0'), await server.removeInterface('lan0')]).toEqual([
      true,
      false,
    ])
    expect(server.interfaces.map((one) => one.interface)).toEqual(['lan1'])
    expect(transport.closed).toHaveLength(2)
    await server.close()
  })

  it('by plain sockets are refused, and leave the first one served', async () => {
    const { server } = setUp({ interface: 'lan0' }, at('lan0', '10.0.0.2'), at('lan1', '10.1.0.2'))
    await server.listen()
    await expect(server.addInterface({ interface: 'lan1' })).rejects.toMatchObject({
      code: 'ERR_DHCP_INTERFACES',
    })
    expect(server.interfaces).toHaveLength(1)
    await server.close()
    await expect(server.addInterface({ interface: 'lan1' })).rejects.toMatchObject({
      code: 'ERR_DHCP_CLOSED',
    })
  })
})
