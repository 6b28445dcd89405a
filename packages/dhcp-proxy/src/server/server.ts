import { randomUUID } from 'node:crypto'

import { normalMac } from '../decide/request.ts'
import { DhcpError } from '../errors.ts'
import type { InterfaceOptions, ListenOptions, ProxyDhcpServerOptions } from '../index.ts'
import { log } from '../log.ts'
import { Handler } from './handler.ts'
import type { InterfaceSockets, Served } from './interfaces.ts'
import { Link, type LinkHooks, type Ports } from './link.ts'
import { requireOneInterface, settingsOf, type Settings } from './options.ts'

/** One interface that is served. */
export interface ServedInterface {
  readonly interface: string
  /** The address that replies advertise. */
  readonly address: string
  readonly port: number
  readonly bootServerPort: number
}

/** What `listen` bound; `port`, `bootServerPort`, `address` and `interface` are those of the first interface. */
export interface Listening extends ServedInterface {
  readonly interfaces: readonly ServedInterface[]
}

/** A ProxyDHCP server. */
export interface ProxyDhcpServer {
  /** Id of this instance, in every record. */
  readonly instance: string
  /** What is served now: an interface without an address is not, until it has one again. */
  readonly interfaces: readonly ServedInterface[]
  /** @throws {DhcpError} `ERR_DHCP_LISTEN`, with nothing left open; `ERR_DHCP_INTERFACES`; `ERR_DHCP_CLOSED` */
  listen(options?: ListenOptions): Promise<Listening>
  /** Serves one more interface. @throws as `listen` does */
  addInterface(options: InterfaceOptions | InterfaceSockets): Promise<ServedInterface>
  /** Serves an interface, by its name or address, no more. False where it was not served. */
  removeInterface(name: string): Promise<boolean>
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

/** How often addresses of interfaces are looked at. */
const CHECK_MS = 2000
/** How often an address that is waited for is looked for. */
const WAIT_MS = 250

const shown = ({ interface: name, address, port, bootServerPort }: Served): ServedInterface => ({
  interface: name,
  address,
  port,
  bootServerPort,
})

class Server implements ProxyDhcpServer {
  readonly instance: string
  readonly #settings: Settings
  readonly #handler: Handler
  readonly #links: Link[] = []
  #ports: Ports
  #opening: Promise<unknown> | undefined
  #state: 'new' | 'listening' | 'closed' = 'new'
  #cancelCheck: () => void = () => {}

  constructor(options: ProxyDhcpServerOptions) {
    this.#settings = settingsOf(options, randomUUID)
    this.#handler = new Handler(this.#settings)
    this.instance = this.#settings.instance
    const { shared, hearReplies } = this.#settings
    this.#ports = { port: 67, bootServerPort: 4011, host: undefined, shared, hearReplies }
  }

  get interfaces(): readonly ServedInterface[] {
    return this.#links.flatMap(({ served }) => (served ? [shown(served)] : []))
  }

  async listen(options: ListenOptions = {}): Promise<Listening> {
    if (this.#state !== 'new') {
      const why = this.#state === 'closed' ? 'the server was closed' : 'the server listens already'
      throw new DhcpError('ERR_DHCP_CLOSED', `${why}; make a new one`)
    }
    this.#state = 'listening'
    const { port = 67, bootServerPort = 4011, host, addressTimeoutMs = 0 } = options
    this.#ports = { ...this.#ports, port, bootServerPort, host }
    const opening = this.#openAll(addressTimeoutMs)
    this.#opening = opening
    try {
      await opening
    } catch (error) {
      if (!this.#isClosed()) this.#state = 'new'
      throw error
    }
    if (this.#isClosed())
      throw new DhcpError('ERR_DHCP_CLOSED', 'the server was closed while it opened its sockets')
    const { interfaces } = this
    return { ...interfaces[0]!, interfaces }
  }

  async addInterface(options: InterfaceOptions | InterfaceSockets): Promise<ServedInterface> {
    if (this.#state !== 'listening')
      throw new DhcpError('ERR_DHCP_CLOSED', 'the server does not listen')
    return shown(await this.#add(options))
  }

  async removeInterface(name: string): Promise<boolean> {
    const index = this.#links.findIndex(
      (link) => link.name === name || link.served?.address === name,
    )
    if (index < 0) return false
    const [link] = this.#links.splice(index, 1)
    await link?.close()
    this.#know()
    return true
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#cancelCheck()
    this.#handler.close()
    // What `listen` is still opening is closed too; where it fails, it has closed everything itself.
    await this.#opening?.catch(() => {})
    await Promise.all(this.#links.map((link) => link.close()))
  }

  addressOf(mac: string): string | undefined {
    return this.#handler.addresses.addressOf(normalMac(mac), this.#settings.clock.now())
  }

  macOf(address: string): string | undefined {
    return this.#handler.addresses.macOf(address, this.#settings.clock.now())
  }

  reached(mac: string): void {
    this.#handler.reached(normalMac(mac))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  async #openAll(addressTimeoutMs: number): Promise<void> {
    try {
      for (const options of this.#settings.interfaces) {
        // oxlint-disable-next-line no-await-in-loop -- in this order, so that the first failure is told
        await this.#add(options, addressTimeoutMs)
      }
    } catch (error) {
      await Promise.all(this.#links.splice(0).map((link) => link.close()))
      throw error
    }
    this.#checkLater()
  }

  async #add(options: InterfaceOptions | InterfaceSockets, addressTimeoutMs = 0): Promise<Served> {
    if (!('fd67' in options) && !this.#settings.transport.bindsDevices)
      requireOneInterface([...this.#plainNames(), nameOf(options)])
    const link: Link = new Link(options, this.#ports, this.#hooks(nameOf(options)))
    this.#links.push(link)
    try {
      await this.#waitForAddress(link, addressTimeoutMs)
      const served = await link.open()
      log('serving %s as %s on port %d', served.interface, served.address, served.port)
      this.#know()
      return served
    } catch (error) {
      const index = this.#links.indexOf(link)
      if (index >= 0) this.#links.splice(index, 1)
      throw error
    }
  }

  #plainNames(): string[] {
    return this.#links.filter(({ isPassed }) => !isPassed).map(({ name }) => name)
  }

  async #waitForAddress(link: Link, timeoutMs: number): Promise<void> {
    const { clock } = this.#settings
    const untilMs = clock.now() + timeoutMs
    while (!link.hasAddress && clock.now() < untilMs && !this.#isClosed()) {
      // oxlint-disable-next-line no-await-in-loop -- that is the waiting
      await new Promise<void>((resolve) => void clock.after(WAIT_MS, resolve))
    }
  }

  #hooks(name: string): LinkHooks {
    const { transport, clock } = this.#settings
    return {
      transport,
      clock,
      onDatagram: (bytes, peer, service, served) =>
        this.#handler.onDatagram(bytes, peer, service, served),
      onError: (error) =>
        this.#handler.notice(
          { code: 'socket-error', subject: name, message: `${name}: ${error.message}` },
          name,
        ),
      notice: (notice) => this.#handler.notice(notice, name),
      forget: (code, subject) => this.#handler.forget(code, subject),
    }
  }

  #know(): void {
    const served = new Set(this.interfaces.map(({ address }) => address))
    const host = this.#settings.transport.addresses?.().map(({ address }) => address) ?? []
    this.#handler.know({ served, host: new Set([...served, ...host]) })
  }

  #checkLater(): void {
    if (!this.#settings.transport.addresses || this.#isClosed()) return
    this.#cancelCheck = this.#settings.clock.after(CHECK_MS, () => void this.#check())
  }

  async #check(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.check()))
    this.#know()
    this.#checkLater()
  }
}

const nameOf = ({ interface: name, address }: InterfaceOptions): string => name ?? address ?? ''

/**
 * Makes a ProxyDHCP server; `listen` starts it.
 * @throws {DhcpError} `ERR_DHCP_CONFIG`; for the fallback, what `checkDecision` throws
 */
export const createProxyDhcpServer = (options: ProxyDhcpServerOptions): ProxyDhcpServer =>
  new Server(options)
