import type { Server, Socket } from 'node:net'

import { HTTP_LIMITS } from './limits.ts'

/** What happened to a connection. */
export interface Refused {
  readonly ip: string
  readonly why: string
}

export interface ConnectionLimits {
  /** Connections that one address may have. */
  readonly perAddress: number
  /** Addresses that many machines come from: reverse proxies. */
  readonly isExempt: (ip: string) => boolean
  /** Told at most once a minute for one address. */
  readonly onRefused: (refused: Refused) => void
  readonly now?: () => number
}

const TELL_AGAIN_MS = 60_000
/** Addresses of which it is remembered when they were told of. */
const MAX_TOLD = 1000

const ipOf = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/, '')

/** Keeps one host from taking every connection that there is, and says so when it tries. */
export const limitConnections = (
  server: Server,
  { perAddress, isExempt, onRefused, now = Date.now }: ConnectionLimits,
): void => {
  const open = new Map<string, number>()
  const told = new Map<string, number>()
  const tell = (ip: string, why: string): void => {
    const last = told.get(ip)
    if (last !== undefined && now() - last < TELL_AGAIN_MS) return
    if (told.size >= MAX_TOLD) told.clear()
    told.set(ip, now())
    onRefused({ ip, why })
  }
  const accepted = (socket: Socket): void => {
    const ip = ipOf(socket.remoteAddress)
    const count = (open.get(ip) ?? 0) + 1
    if (count > perAddress && !isExempt(ip)) {
      socket.destroy()
      tell(ip, `it has ${perAddress} connections, as many as one address may have`)
      return
    }
    open.set(ip, count)
    socket.once('close', () => {
      const left = (open.get(ip) ?? 1) - 1
      if (left > 0) open.set(ip, left)
      else open.delete(ip)
    })
  }
  server.prependListener('connection', accepted)
  server.on('drop', (dropped) => {
    const why = `all ${HTTP_LIMITS.connections} connections are taken`
    tell(ipOf(dropped?.remoteAddress), why)
  })
}
