import { describe, expect, it, onTestFinished, vi } from 'vitest'

import { InterfaceFollower, type OpenedAt } from '../src/daemon/follow-interfaces.ts'
import { addressNow, isInterface, type HostAddress } from '../src/host/interfaces.ts'
import { EventLog } from '../src/log/event-log.ts'
import { linkOf, problems, serviceFor } from './support.ts'

/** Interfaces whose addresses the test changes, and what became of HTTP and TFTP there. */
const following = (wanted: readonly string[], addresses: Record<string, string | undefined>) => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const told: unknown[] = []
  const log = new EventLog()
  log.subscribe(({ why }) => told.push(why))
  const closed: string[] = []
  const served: string[][] = []
  const broken = new Set<string>()
  const open = async (place: HostAddress): Promise<OpenedAt> => {
    if (broken.has(place.address)) throw new Error(`TCP ${place.address}:8080 is in use`)
    return { ...place, http: 8080, tftp: 69, close: async () => void closed.push(place.address) }
  }
  const follower = new InterfaceFollower({
    wanted: wanted.map((name) => ({ interface: name })),
    addressNow: ({ interface: name }) => addresses[name],
    open,
    changed: (now) => void served.push(now.map(({ address }) => address)),
    log,
  })
  onTestFinished(() => follower.close())
  return { follower, told, closed, served, broken, addresses }
}

describe('interfaces that are served', () => {
  it('are opened at their addresses, and one that has none is waited for', async () => {
    const { follower, told, served, addresses } = following(['a', 'b'], { a: '10.0.0.1' })
    await follower.start()
    expect([served, told]).toEqual([
      [['10.0.0.1']],
      ['b has no IPv4 address yet: it is waited for'],
    ])
    addresses['b'] = '10.1.0.1'
    await vi.advanceTimersByTimeAsync(2000)
    expect(served.at(-1)).toEqual(['10.0.0.1', '10.1.0.1'])
    expect(told.at(-1)).toBe('b has 10.1.0.1 now: HTTP and TFTP are served there')
  })

  it('are followed to another address, and are told of no dead one meanwhile', async () => {
    const { follower, closed, served, addresses } = following(['a', 'b'], {
      a: '10.0.0.1',
      b: '10.1.0.1',
    })
    await follower.start()
    addresses['a'] = '10.0.0.9'
    expect(follower.serves('10.0.0.9')).toBe(false)
    await follower.check()
    expect(follower.serves('10.0.0.9')).toBe(true)
    expect([closed, served.slice(1)]).toEqual([
      ['10.0.0.1'],
      [['10.1.0.1'], ['10.0.0.9', '10.1.0.1']],
    ])
  })

  it('that lose their address are told of once, and served again when it is back', async () => {
    const { follower, told, served, addresses } = following(['a'], { a: '10.0.0.1' })
    await follower.start()
    addresses['a'] = undefined
    await vi.advanceTimersByTimeAsync(10_000)
    expect(told).toEqual(['a has lost 10.0.0.1: nothing is served there until an address comes'])
    addresses['a'] = '10.0.0.1'
    await vi.advanceTimersByTimeAsync(2000)
    expect(served.at(-1)).toEqual(['10.0.0.1'])
  })

  it('whose new address is taken are tried again, and that is told once', async () => {
    const { follower, told, broken, served, addresses } = following(['a'], { a: '10.0.0.1' })
    await follower.start()
    broken.add('10.0.0.9')
    addresses['a'] = '10.0.0.9'
    await vi.advanceTimersByTimeAsync(10_000)
    expect(told).toEqual(['a: TCP 10.0.0.9:8080 is in use; it is tried again'])
    broken.clear()
    await vi.advanceTimersByTimeAsync(2000)
    expect(served.at(-1)).toEqual(['10.0.0.9'])
  })

  it('that cannot be opened at the start end it', async () => {
    const { follower, broken } = following(['a'], { a: '10.0.0.1' })
    broken.add('10.0.0.1')
    await expect(follower.start()).rejects.toThrow('is in use')
  })
})

/** An IPv4 address as Node lists it. */
const listed = (address: string) => ({
  address,
  family: 'IPv4' as const,
  internal: false,
  netmask: '255.255.255.0',
  mac: '52:54:00:00:00:01',
  cidr: null,
})

describe('an interface', () => {
  it('has the address that was asked for, or its first', () => {
    const host = { eth0: [listed('169.254.1.1'), listed('10.0.0.5'), listed('10.0.0.6')] }
    expect(addressNow({ interface: 'eth0' }, host)).toBe('10.0.0.5')
    expect(addressNow({ interface: 'eth0', address: '10.0.0.6' }, host)).toBe('10.0.0.6')
    expect(addressNow({ interface: 'eth0', address: '10.0.0.7' }, host)).toBeUndefined()
    expect(addressNow({ interface: 'eth1' }, host)).toBeUndefined()
  })

  it('is there or not, whatever its name is', () => {
    expect(['lo', 'nosuch', '..', '.', ''].map(isInterface)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('server.interfaces', () => {
  it.each([
    ['server: { interfaces: [] }', 'server.interfaces'],
    ['server: { interfaces: [eth0, eth0] }', 'must name each interface once'],
    ['server: { interfaces: [eth0], interface: eth1 }', '`interfaces` says what is served'],
    ['server: { interfaces: [eth0], address: 10.0.0.5 }', '`interfaces` says what is served'],
    ['server: { dhcp: { shared: perhaps } }', 'must be true, false or auto'],
  ])('%s is refused', async (yaml, why) => {
    expect((await problems(yaml)).join('\n')).toContain(why)
  })
})

describe('a server with several addresses', () => {
  it('tells each machine the one that it asked at', async () => {
    const { service } = await serviceFor(
      `profiles: { a: { kernel: "http://h/k", args: "{{ server.address }} {{ answer.x }}", answers: { x: { text: "{{ server.url }}" } } } }
machines: { m: { mac: "52:54:00:00:00:01", profile: a } }`,
    )
    service.use({ others: [{ address: '10.1.0.5', base: 'http://10.1.0.5:8080' }] })
    const mac = '52:54:00:00:00:01'
    for (const address of ['10.0.0.5', '10.1.0.5']) {
      const request = { mac, architectures: [7], firmware: 'ipxe', userClasses: ['iPXE'] } as const
      const reply = service.dhcp({ ...request, localAddress: address })
      expect(reply).toHaveProperty(
        'file',
        expect.stringContaining(`http://${address}:8080/script?`),
      )
      // oxlint-disable-next-line no-await-in-loop -- one network after the other
      const script = (query: Readonly<Record<string, string>>) =>
        service.script(query, '10.0.0.7', 'boot', address)
      // oxlint-disable-next-line no-await-in-loop -- one network after the other
      const unsigned = await script({ mac, final: '1' })
      // oxlint-disable-next-line no-await-in-loop -- the same
      const { text } = await script(linkOf(unsigned.text) ?? {})
      expect(text).toContain(` ${address} http://${address}:8080/answers/`)
      const answer = service.answer(mac, 'x', '10.0.0.7', address)
      expect(answer).toHaveProperty('text', `http://${address}:8080`)
    }
  })
})
