import { randomUUID } from 'node:crypto'
import type { RemoteInfo } from 'node:dgram'

import { dropChannel, type DropReason, type Endpoint } from '../channels.ts'
import { decodeRequest, type Request } from '../codec/request.ts'
import { TftpError } from '../errors.ts'
import { ImageCache } from '../io/image-cache.ts'
import { TimerWheel } from '../io/wheel.ts'
import { logServer } from '../log.ts'
import { openListener, type Listener } from '../udp.ts'
import { bindsOf } from './addresses.ts'
import { Admission } from './admission.ts'
import { directory } from './directory.ts'
import type { Shared } from './grant.ts'
import type { Listening, ListenOptions, TftpServer, TftpServerOptions } from './options.ts'
import { settingsOf, type Settings } from './settings.ts'
import { isTaken, socketPerTransfer, type OpenWire, type WireEvents } from './transfer-socket.ts'
import { Transfer } from './transfer.ts'

const CLOSE_DEADLINE_MS = 5000

const clock = () => performance.now()

const keyOf = ({ address, port }: Endpoint): string => `${address} ${port}`

/** Request or not, told from the first two bytes. */
const isRequest = (datagram: Uint8Array): boolean =>
  datagram.length > 2 && datagram[0] === 0 && (datagram[1] === 1 || datagram[1] === 2)

class Server implements TftpServer {
  readonly #settings: Settings
  readonly #shared: Shared
  readonly #admission: Admission
  readonly #listeners: Listener[] = []
  readonly #transfers = new Map<string, Transfer>()
  /** In single-port mode: who gets the datagrams of which peer. */
  readonly #routes = new Map<string, WireEvents>()
  #state: 'new' | 'open' | 'closing' | 'closed' = 'new'
  #closing: Promise<void> | undefined
  #onIdle: () => void = () => {}

  constructor(options: TftpServerOptions) {
    const settings = settingsOf(options)
    const handlers = 'root' in options ? directory({ root: options.root }) : options
    this.#settings = settings
    this.#admission = new Admission(settings)
    this.#shared = {
      instance: settings.instance ?? randomUUID(),
      settings,
      handlers,
      clock,
      wheel: new TimerWheel(clock),
      cache: new ImageCache(settings.cacheBytes),
      openWire: this.#wires(),
    }
  }

  get transfers(): number {
    return this.#transfers.size
  }

  #wires(): OpenWire {
    const { transferPorts } = this.#settings
    if (transferPorts === 'ephemeral') return socketPerTransfer()
    return transferPorts === 'single'
      ? (...at) => this.#shareListener(...at)
      : socketPerTransfer(transferPorts)
  }

  /** Single-port mode, for containers and NAT: the listener's socket serves every transfer. */
  #shareListener(...[local, remote, events]: Parameters<OpenWire>): ReturnType<OpenWire> {
    const listener = this.#listeners.find(({ address }) => address === local)
    if (!listener) return Promise.reject(new TftpError('ERR_TFTP_CLOSED', 'the server is closed'))
    const key = keyOf(remote)
    this.#routes.set(key, events)
    return Promise.resolve({
      send: (datagram) => listener.send(datagram, remote.port, remote.address),
      close: () => {
        if (this.#routes.get(key) === events) this.#routes.delete(key)
      },
    })
  }

  async listen(options: ListenOptions = {}): Promise<Listening> {
    if (this.#state !== 'new')
      throw new TftpError('ERR_TFTP_LISTENING', `this server is ${this.#state} already`)
    this.#state = 'open'
    const { binds, lenient } = bindsOf(options)
    let mayLack = lenient
    let failure: unknown
    let { port = 69 } = options
    for (const bind of binds) {
      try {
        // The port that the first address got is everybody's.
        const opened: Listener = await openListener(
          'fd' in bind ? bind : { ...bind, port },
          (datagram, from) => this.#receive(opened, datagram, from),
        )
        port = opened.port
        this.#listeners.push(opened)
      } catch (error) {
        failure = error
        // An address may have vanished; a taken port that was asked for would leave that network unserved unnoticed.
        mayLack &&= !(options.port !== 0 && isTaken(error))
        if (!mayLack) break
        logServer('cannot listen on %o: %o', bind, error)
      }
    }
    const [first] = this.#listeners
    if (!first || (failure && !mayLack)) {
      await this.close({ deadlineMs: 0 })
      throw failure
    }
    const addresses = this.#listeners.map(({ address }) => address)
    return { port: first.port, address: first.address, addresses }
  }

  #receive(listener: Listener, datagram: Uint8Array, from: RemoteInfo): void {
    if (!isRequest(datagram)) {
      const route = this.#routes.get(keyOf(from))
      if (route) route.onDatagram(datagram)
      else this.#drop('not-a-request', datagram, from)
      return
    }
    if (this.#state !== 'open') {
      this.#drop('closing', datagram, from)
      return
    }
    let request: Request
    try {
      request = decodeRequest(datagram)
    } catch {
      // The codec throws for malformed bytes only, and those are nothing to stop for.
      this.#drop('malformed', datagram, from)
      return
    }
    const reason = this.#accept(listener, request, from)
    if (reason) this.#drop(reason, datagram, from)
  }

  #accept(listener: Listener, request: Request, from: RemoteInfo): DropReason | undefined {
    const now = this.#shared.clock()
    const key = keyOf(from)
    const before = this.#transfers.get(key)
    if (before?.isRepeatedBy(request, now)) return 'repeated'
    const reason = this.#admission.enter(from.address, now, before !== undefined)
    if (reason) return reason
    before?.cancel('', 'superseded')
    const remote = { address: from.address, port: from.port }
    const local = { address: listener.address, port: listener.port }
    const transfer = new Transfer(this.#shared, request, { remote, local }, (ended) =>
      this.#ended(key, ended),
    )
    this.#transfers.set(key, transfer)
    void transfer.run()
    return undefined
  }

  #ended(key: string, transfer: Transfer): void {
    if (this.#transfers.get(key) === transfer) this.#transfers.delete(key)
    this.#admission.leave(transfer.peer.address)
    if (this.#transfers.size === 0) this.#onIdle()
  }

  #drop(reason: DropReason, datagram: Uint8Array, from: RemoteInfo): void {
    if (!dropChannel.hasSubscribers) return
    const peer = { address: from.address, port: from.port }
    const { instance } = this.#shared
    dropChannel.publish({ timeMs: Date.now(), instance, peer, reason, bytes: datagram.length })
  }

  close({ deadlineMs = CLOSE_DEADLINE_MS }: { readonly deadlineMs?: number } = {}): Promise<void> {
    return (this.#closing ??= this.#close(deadlineMs))
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#state = 'closing'
    for (const transfer of this.#transfers.values()) if (transfer.isDallying) transfer.cancel('')
    if (this.#transfers.size > 0 && deadlineMs > 0) await this.#drained(deadlineMs)
    for (const transfer of this.#transfers.values()) transfer.cancel('the server is closing')
    await Promise.all(this.#listeners.map((listener) => listener.close()))
    this.#shared.cache.clear()
    this.#state = 'closed'
  }

  #drained(deadlineMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs)
      this.#onIdle = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/**
 * Makes a TFTP server.
 *
 * @throws {TftpError} `ERR_TFTP_INVALID_ARGUMENT` for an option that is out of range
 */
export const createTftpServer = (options: TftpServerOptions): TftpServer => new Server(options)
