import { expect, it } from 'vitest'

import { tellFetches } from '../src/daemon/tell-fetches.ts'
import { EventLog } from '../src/log/event-log.ts'

it('DHCP is told of the machines that fetch something, and of no others', () => {
  const reached: string[] = []
  const log = new EventLog()
  const stop = tellFetches({ reached: (mac) => void reached.push(mac) }, log)
  log.emit('dhcp.request', { mac: 'a' })
  log.emit('tftp.start', { mac: 'b' })
  log.emit('http.script', { mac: 'c' })
  log.emit('http.asset', { mac: 'd' })
  log.emit('http.asset', {})
  stop()
  log.emit('tftp.start', { mac: 'e' })
  expect(reached).toEqual(['b', 'c', 'd'])
})
