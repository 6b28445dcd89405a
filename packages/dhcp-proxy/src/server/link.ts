import { messageOf } from '@bootwire-internal/common'

import { DhcpError } from '../errors.ts'
import type { InterfaceOptions } from '../index.ts'
import type { Notice } from '../session/notices.ts'
import type { LocalAddress } from './host.ts'
import {
  openPassed,
  openPlain,
  type Hooks,
  type InterfaceSockets,
  type PlainOptions,
  type Served,
} from './interfaces.ts'

/** What a link needs from its server. */
export interface LinkHooks extends Omit<Hooks, 'onDatagram'> {
  readonly onDatagram: (
    bytes: Parameters<Hooks['onDatagram']>[0],
    peer: Parameters<Hooks['onDatagram']>[1],
    service: Parameters<Hooks['onDatagram']>[2],
    served: Served,
  ) => void
  /** What was told ended: it may be told again. */
  readonly forget: (code: Notice['code'], subject: string) => void
}

/** How the ports are opened. */
export type Ports = Pick<
  PlainOptions,
  'port' | 'bootServerPort' | 'host' | 'shared' | 'hearReplies'
>

const isPassed = (options: InterfaceOptions | InterfaceSockets): options is InterfaceSockets =>
  'fd67' in options

/**
 * One interface kept served, whatever becomes of its address: an address that was asked for is waited for, and an
 * interface that was asked for is followed to its new one.
 */
export class Link {
  readonly #options: InterfaceOptions | InterfaceSockets
  readonly #ports: Ports
  readonly #hooks: LinkHooks
  #served: Served | undefined
  #lastAddress: string | undefined
  #isOpening = false
  #isClosed = false

  constructor(options: InterfaceOptions | InterfaceSockets, ports: Ports, hooks: LinkHooks) {
    this.#options = options
    this.#ports = ports
    this.#hooks = hooks
  }

  /** What is served now; undefined while its address is gone. */
  get served(): Served | undefined {
    return this.#served
  }

  /** True where its sockets were opened by somebody else. */
  get isPassed(): boolean {
    return isPassed(this.#options)
  }

  /** Name of the interface where it is known, else the address. */
  get name(): string {
    return this.#served?.interface ?? this.#options.interface ?? this.#options.address ?? ''
  }

  /** True where the interface has an address to serve. */
  get hasAddress(): boolean {
    return isPassed(this.#options) || this.#addressNow() !== undefined
  }

  /** @throws {DhcpError} `ERR_DHCP_LISTEN` */
  async open(): Promise<Served> {
    this.#isOpening = true
    try {
      return await this.#open()
    } finally {
      this.#isOpening = false
    }
  }

  async #open(): Promise<Served> {
    const options = this.#options
    const place = isPassed(options) ? options : this.#addressNow()
    if (!place)
      throw new DhcpError('ERR_DHCP_LISTEN', `cannot listen on ${this.name}: ${this.#lack()}`)
    let self: Served | undefined
    const hooks: Hooks = {
      ...this.#hooks,
      onDatagram: (bytes, peer, service) => {
        if (self) this.#hooks.onDatagram(bytes, peer, service, self)
      },
    }
    self = isPassed(options)
      ? await openPassed(options, hooks)
      : await openPlain({ ...this.#ports, ...place }, hooks)
    if (this.#isClosed) {
      await self.close()
      throw new DhcpError('ERR_DHCP_CLOSED', 'the server was closed while it opened its sockets')
    }
    this.#served = self
    this.#lastAddress = self.address
    return self
  }

  /** Follows the address. Called now and then; what fails is told, and tried again the next time. */
  async check(): Promise<void> {
    if (isPassed(this.#options) || this.#isOpening || this.#isClosed) return
    const place = this.#addressNow()
    if (place?.address === this.#served?.address) return
    this.#isOpening = true
    try {
      await this.#move(place)
    } catch (error) {
      this.#tell('socket-error', `${this.name}: ${messageOf(error)}`)
    } finally {
      this.#isOpening = false
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#served?.close()
  }

  async #move(place: { interface: string; address: string } | undefined): Promise<void> {
    const { name } = this
    const before = this.#lastAddress
    await this.#served?.close()
    this.#served = undefined
    if (!place) {
      this.#tell(
        'address-gone',
        `${before} is no longer on ${name}: nothing is served there until an address comes`,
      )
      return
    }
    await this.#open()
    this.#hooks.forget('address-gone', name)
    this.#hooks.forget('address-changed', name)
    this.#tell(
      'address-changed',
      before === place.address
        ? `${place.address} is on ${name} again, and served`
        : `${before} is no longer on ${name}: ${place.address} is, and served`,
    )
  }

  #tell(code: Notice['code'], message: string): void {
    this.#hooks.notice({ code, subject: this.name, message })
  }

  /** Why there is nothing to serve. */
  #lack(): string {
    const { interface: name, address } = this.#options
    if (name === undefined) return 'no interface of this host has this address'
    if (!this.#addresses().some((one) => one.interface === name))
      return 'there is no such interface, or it has no IPv4 address'
    return `it does not have the address ${address}`
  }

  #addresses(): readonly LocalAddress[] {
    return this.#hooks.transport.addresses?.() ?? []
  }

  /** The address that is to be served, if it is there. */
  #addressNow(): { interface: string; address: string } | undefined {
    const { address, interface: name } = this.#options
    if (!this.#hooks.transport.addresses || this.#ports.host !== undefined)
      return address === undefined ? undefined : { interface: name ?? address, address }
    const found = this.#addresses().find(
      (one) =>
        (address === undefined || one.address === address) &&
        (address !== undefined || one.interface === name),
    )
    return found && { interface: name ?? found.interface, address: found.address }
  }
}
