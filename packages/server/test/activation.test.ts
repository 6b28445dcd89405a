import { describe, expect, it } from 'vitest'

import { passedSockets } from '../src/host/passed.ts'

const served = { interface: 'lan0', address: '10.0.0.5' }
const passing = (...names: string[]) => ({
  LISTEN_PID: String(process.pid),
  LISTEN_FDS: String(names.length),
  LISTEN_FDNAMES: names.join(':'),
})

describe('sockets that systemd passes', () => {
  it('are known by name, in any order', () => {
    const environment = passing('tftp69-lan0', 'dhcp4011-lan0', 'dhcp67-lan0')
    expect(passedSockets(served, environment)).toEqual({
      tftp: 3,
      dhcp: { ...served, fd67: 5, fd4011: 4 },
    })
    expect(passedSockets(served, passing('tftp69-lan0'))).toEqual({ tftp: 3 })
  })

  it('are none where there are none, or where they went to another process', () => {
    expect(passedSockets(served, {})).toEqual({})
    const environment = passing('tftp69-lan0')
    expect(passedSockets(served, { ...environment, LISTEN_PID: '1' })).toEqual({})
  })

  it.each([
    ['one is of another interface', ['dhcp67-lan0', 'dhcp4011-lan0', 'tftp69-lan1'], 'tftp69-lan1'],
    ['one has no name of ours', ['bootwire.socket'], 'bootwire.socket'],
    ['one of the two for DHCP is missing', ['dhcp67-lan0', 'tftp69-lan0'], 'dhcp4011-lan0'],
  ])('are refused where %s', (_, names, named) => {
    expect(() => passedSockets(served, passing(...names))).toThrow(
      expect.objectContaining({
        code: 'ERR_SERVER_SOCKETS',
        message: expect.stringContaining(named),
      }),
    )
  })
})
