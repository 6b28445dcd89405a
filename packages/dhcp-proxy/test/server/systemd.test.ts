import { expect, it } from 'vitest'

import { requireOneInterface, socketsFromSystemd, systemdUnits } from '../../src/index.ts'

const NAMES = 'dhcp67-lan0:tftp-lan0:dhcp4011-lan0'
const ADDRESSES = { lan0: '10.0.0.1' }

it('finds the sockets of each interface by their names', () => {
  const environment = { LISTEN_PID: `${process.pid}`, LISTEN_FDS: '3', LISTEN_FDNAMES: NAMES }
  expect(socketsFromSystemd(environment, ADDRESSES)).toEqual([
    { interface: 'lan0', address: '10.0.0.1', fd67: 3, fd4011: 5 },
  ])
})

it('takes nothing that is for another process, and nothing where there is nothing', () => {
  expect(
    socketsFromSystemd({ LISTEN_PID: '1', LISTEN_FDS: '3', LISTEN_FDNAMES: NAMES }, ADDRESSES),
  ).toEqual([])
  expect(socketsFromSystemd({}, ADDRESSES)).toEqual([])
})

it('refuses an interface with one socket of two, or without address', () => {
  const own = { LISTEN_PID: `${process.pid}` }
  const one = { ...own, LISTEN_FDS: '1', LISTEN_FDNAMES: NAMES }
  expect(() => socketsFromSystemd(one, ADDRESSES)).toThrow(/no socket dhcp4011-lan0/)
  const other = { ...own, LISTEN_FDS: '2', LISTEN_FDNAMES: 'dhcp67-nowhere9:dhcp4011-nowhere9' }
  expect(() => socketsFromSystemd(other)).toThrow(/nowhere9 has no IPv4 address/)
})

it('several interfaces need device-bound sockets: the error is the units to use', () => {
  expect(() => requireOneInterface(['lan0'])).not.toThrow()
  expect(() => requireOneInterface(['lan0', 'lan1'])).toThrow(
    expect.objectContaining({ code: 'ERR_DHCP_INTERFACES' }),
  )
  expect(() => requireOneInterface(['lan0', 'lan1'])).toThrow(systemdUnits(['lan0', 'lan1']))
  expect(systemdUnits(['lan0'])).toContain('BindToDevice=lan0')
})
