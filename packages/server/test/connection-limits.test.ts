import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

import { expect, it, onTestFinished } from 'vitest'

import { createHttpApp } from '../src/http/app.ts'
import { limitConnections } from '../src/http/connection-limits.ts'
import { HTTP_LIMITS } from '../src/http/limits.ts'
import { serviceFor } from './support.ts'

const portOf = (server: { address(): unknown }): number => {
  const bound = server.address()
  return typeof bound === 'object' && bound !== null && 'port' in bound ? Number(bound.port) : 0
}

/** Opens connections from one loopback address and sends the beginning of a request on each. */
const halfRequests = async (
  port: number,
  count: number,
  localAddress: string,
): Promise<Socket[]> => {
  const sockets: Socket[] = []
  for (let i = 0; i < count; i++) {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    socket.on('error', () => {})
    sockets.push(socket)
    // oxlint-disable-next-line no-await-in-loop -- faster, the kernel's queue of new connections is what is filled
    await once(socket, 'connect')
    socket.write('GET /script?mac=52:54:00:00:00:01 HTTP/1.1\r\nX: ')
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  return sockets
}

it('4,300 half requests of one host leave room for the boots of others, and are told of once', async () => {
  const { service, events } = await serviceFor('')
  const app = createHttpApp(service)
  onTestFinished(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const sockets = await halfRequests(portOf(app.server), 4300, '127.0.0.66')
  const started = performance.now()
  const boot = await fetch(`http://127.0.0.1:${portOf(app.server)}/script?mac=52:54:00:00:00:09`)
  expect(boot.status).toBe(200)
  expect(performance.now() - started).toBeLessThan(2000)
  const limited = events.filter(({ event }) => event === 'http.limited')
  expect(limited).toMatchObject([{ ip: '127.0.0.66', level: 'warn' }])
  const refused = sockets.filter(
    ({ destroyed, readyState }) => destroyed || readyState === 'closed',
  )
  expect(refused.length).toBeGreaterThanOrEqual(4300 - HTTP_LIMITS.connectionsPerAddress - 50)
}, 60_000)

it('lets a reverse proxy have as many connections as there are', async () => {
  const told: unknown[] = []
  const server = createServer()
  limitConnections(server, {
    perAddress: 2,
    isExempt: (ip) => ip === '127.0.0.7',
    onRefused: (refused) => told.push(refused),
  })
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await halfRequests(portOf(server), 5, '127.0.0.7')
  expect(told).toEqual([])
})
