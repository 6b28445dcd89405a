import { describe, expect, it } from 'vitest'

import { listenFds } from '../src/index.ts'

const PID = 4711
const passed = (environment: Record<string, string>) =>
  listenFds({ LISTEN_PID: String(PID), ...environment }, PID)

describe('listenFds', () => {
  it('numbers the sockets from 3 on, with their names', () => {
    expect(passed({ LISTEN_FDS: '2', LISTEN_FDNAMES: 'dhcp67-lan0:tftp69-lan0' })).toEqual([
      { fd: 3, name: 'dhcp67-lan0' },
      { fd: 4, name: 'tftp69-lan0' },
    ])
  })

  it('calls a socket without a name unknown, as systemd does', () => {
    expect(passed({ LISTEN_FDS: '2', LISTEN_FDNAMES: ':' }).map(({ name }) => name)).toEqual([
      'unknown',
      'unknown',
    ])
    expect(passed({ LISTEN_FDS: '2' }).map(({ fd }) => fd)).toEqual([3, 4])
  })

  it('ignores names beyond the count', () => {
    expect(passed({ LISTEN_FDS: '1', LISTEN_FDNAMES: 'a:b' })).toEqual([{ fd: 3, name: 'a' }])
  })

  it.each([
    [{ LISTEN_FDS: '1' }, 'another process has them (sd_listen_fds(3) compares LISTEN_PID)'],
    [{}, 'nothing was passed'],
  ])('finds none in %j: %s', (environment, _why) => {
    expect(listenFds(environment, PID)).toEqual([])
    expect(listenFds({ ...environment, LISTEN_PID: '1' }, PID)).toEqual([])
  })

  it.each(['0', '', '-1', '1.5', '1e3', 'many', '1025', '99999999999', ' 1'])(
    'takes the count %j for none',
    (count) => {
      expect(passed({ LISTEN_FDS: count })).toEqual([])
    },
  )
})
