import { randomUUID } from 'node:crypto'

import { normalMac } from '../decide/request.ts'
import { DhcpError } from '../errors.ts'
import { log } from '../log.ts'
import { Handler } from './handler.ts'
import { openPassed, openPlain, type Served } from './interfaces.ts'
import {
  requireOneInterface,
  settingsOf,
  type ListenOptions,
  type ProxyDhcpServerOptions,
} from './options.ts'

export interface ServedInterface {
  readonly interface: string
  readonly address: string
  readonly port: number
  readonly bootServerPort: number
}

/** What `listen` bound; `port`, `bootServerPort`, `address` and `interface` are those of the first interface. */
export interface Listening extends ServedInterface {
  readonly interfaces: readonly ServedInterface[]
}

export interface ProxyDhcpServer {
  /** Id of this instance, in every record. */
  readonly id: string
  /** @throws {DhcpError} `ERR_DHCP_LISTEN`, with nothing left open; `ERR_DHCP_CLOSED` */
  listen(options?: ListenOptions): Promise<Listening>
  /** Stops answering, calls off what is under way and closes the sockets. Idempotent. */
  close(): Promise<void>
  /** The address a machine was last heard to use or ask for, within the last hour; the MAC in any usual spelling. */
  addressOf(mac: string): string | undefined
  /** The machine last heard to use or ask for an address, within the last hour. */
  macOf(address: string): string | undefined
  /** Tell that a machine fetched something: one that comes back without it is noticed. */
  reached(mac: string): void
  [Symbol.asyncDispose](): Promise<void>
}

const shown = ({ interface: name, address, port, bootServerPort }: Served): ServedInterface => ({
  interface: name,
  address,
  port,
  bootServerPort,
})

/**
 * Makes a ProxyDHCP server; `listen` starts it.
 * @throws {DhcpError} `ERR_DHCP_CONFIG`; for the fallback, what `checkDecision` throws
 */
export function createProxyDhcpServer(options: ProxyDhcpServerOptions): ProxyDhcpServer {
  const settings = settingsOf(options, randomUUID)
  const handler = new Handler(settings)
  const { transport, shared, hearReplies, clock } = settings
  let opening: Promise<readonly Served[]> | undefined
  let state: 'new' | 'listening' | 'closed' = 'new'
  const isClosed = (): boolean => state === 'closed'

  const openAll = async ({
    port = 67,
    bootServerPort = 4011,
    host,
  }: ListenOptions): Promise<Served[]> => {
    requireOneInterface(
      settings.interfaces.filter((one) => !('fd67' in one)).map((one) => one.interface),
    )
    const opened: Served[] = []
    for (const one of settings.interfaces) {
      let self: Served | undefined
      const hooks = {
        transport,
        clock,
        onDatagram: (
          bytes: Uint8Array,
          source: { address: string; port: number },
          service: 67 | 68 | 4011,
        ) => {
          if (self) handler.onDatagram(bytes, source, service, self)
        },
        onError: (error: Error) => {
          handler.notice(
            {
              code: 'socket-error',
              subject: one.interface,
              message: `${one.interface}: ${error.message}`,
            },
            one.interface,
          )
        },
        notice: (notice: Parameters<typeof handler.notice>[0]) =>
          handler.notice(notice, one.interface),
      }
      const plain = {
        ...one,
        port,
        bootServerPort,
        shared,
        hearReplies,
        ...(host !== undefined && { host }),
      }
      try {
        self = 'fd67' in one ? await openPassed(one, hooks) : await openPlain(plain, hooks)
      } catch (error) {
        await Promise.all(opened.map((other) => other.close()))
        throw error
      }
      opened.push(self)
    }
    return opened
  }

  const server: ProxyDhcpServer = {
    id: settings.id,
    listen: async (listenOptions = {}) => {
      if (state !== 'new') {
        const message = state === 'closed' ? 'the server was closed' : 'the server listens already'
        throw new DhcpError('ERR_DHCP_CLOSED', `${message}; make a new one`)
      }
      state = 'listening'
      opening = openAll(listenOptions)
      let served: readonly Served[]
      try {
        served = await opening
      } catch (error) {
        if (!isClosed()) state = 'new'
        throw error
      }
      if (isClosed())
        throw new DhcpError('ERR_DHCP_CLOSED', 'the server was closed while it opened its sockets')
      for (const { interface: name, address, port } of served)
        log('serving %s as %s on port %d', name, address, port)
      const interfaces = served.map(shown)
      return { ...interfaces[0]!, interfaces }
    },
    close: async () => {
      state = 'closed'
      handler.close()
      // What `listen` is still opening is closed too; where it fails, it has closed everything itself.
      const opened = await opening?.catch(() => [])
      await Promise.all((opened ?? []).map((one) => one.close()))
    },
    addressOf: (mac) => handler.addresses.addressOf(normalMac(mac), clock.now()),
    macOf: (address) => handler.addresses.macOf(address, clock.now()),
    reached: (mac) => handler.reached(normalMac(mac)),
    [Symbol.asyncDispose]: () => server.close(),
  }
  return server
}
