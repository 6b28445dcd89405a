import { randomUUID } from 'node:crypto'

import type { SocketHelper } from '@bootwire-internal/socket-helper'

import { dropChannel, type DropReason, type Endpoint, type TransferRecord } from '../channels.ts'
import { decodeRequest, type Request } from '../codec/request.ts'
import { ImageCache } from '../content/image-cache.ts'
import { TftpError } from '../errors.ts'
import { every } from '../every.ts'
import { logServer } from '../log.ts'
import { errorOf } from '../session/outcome.ts'
import { TimerWheel } from '../session/timer-wheel.ts'
import type { Listener } from '../udp.ts'
import type { Shared } from './accept.ts'
import { bindsOf, isWildcard } from './addresses.ts'
import { Admission, type Place } from './admission.ts'
import { directory } from './directory.ts'
import type { TftpHandlers } from './handlers.ts'
import { interfaceMtu } from './interface-mtu.ts'
import type { Listening, ListenOptions, TftpServer, TftpServerOptions, Tier } from './options.ts'
import { segmentWire } from './segment-socket.ts'
import { refuseIssues, settingsOf, validate, type Settings } from './settings.ts'
import { helperFor, tierOf } from './tier.ts'
import { isTaken, socketPerTransfer, type OpenWire, type WireEvents } from './transfer-socket.ts'
import { Transfer } from './transfer.ts'
import { openListenerWith } from './wildcard-listener.ts'

const CLOSE_DEADLINE_MS = 5000

const clock = () => performance.now()

const keyOf = ({ address, port }: Endpoint): string => `${address} ${port}`

/** Request or not, told from the first two bytes. */
const isRequest = (datagram: Uint8Array): boolean =>
  datagram.length > 2 && datagram[0] === 0 && (datagram[1] === 1 || datagram[1] === 2)

/** A folder with its options, or handlers: `validate` has seen to it that it is one of them. */
const handlersOf = (options: TftpServerOptions): TftpHandlers => {
  if ('read' in options && options.read) return { read: options.read, write: options.write }
  if (!('root' in options))
    throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', 'neither root nor read is given')
  const { root, ignoreCase, remap, clientFolders, trimFf, write } = options
  return directory({ root, ignoreCase, remap, clientFolders, trimFf, write })
}

class Server implements TftpServer {
  readonly tier: Tier
  readonly #helper: SocketHelper | undefined
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

  /** What was bound, while it listens. */
  #bound: Listening | undefined

  constructor(options: TftpServerOptions) {
    refuseIssues(validate(options))
    const settings = settingsOf(options)
    this.#settings = settings
    const loaded = helperFor(settings)
    this.#helper = loaded.helper
    this.tier = tierOf(settings, loaded)
    logServer('tier %o', this.tier)
    this.#admission = new Admission(settings.limits)
    this.#shared = {
      instance: settings.instance ?? randomUUID(),
      settings,
      handlers: handlersOf(options),
      clock,
      wheel: new TimerWheel(clock, every),
      cache: new ImageCache(settings.limits.cacheBytes),
      openWire: this.#wires(),
      mtuOf: interfaceMtu(clock),
    }
  }

  address(): Listening | undefined {
    return this.#bound
  }

  get transfers(): number {
    return this.#transfers.size
  }

  #wires(): OpenWire {
    const { transferPorts } = this.#settings
    if (transferPorts === 'single') return (...at) => this.#shareListener(...at)
    return socketPerTransfer(
      transferPorts === 'ephemeral' ? undefined : transferPorts,
      this.#helper && segmentWire(this.#helper),
    )
  }

  /** Single-port mode, for containers and NAT: the listener's socket serves every transfer. */
  #shareListener(...[local, peer, events]: Parameters<OpenWire>): ReturnType<OpenWire> {
    const listener =
      this.#listeners.find(({ address }) => address === local) ??
      this.#listeners.find(({ address }) => isWildcard(address))
    if (!listener) return Promise.reject(new TftpError('ERR_TFTP_CLOSED', 'the server is closed'))
    const key = keyOf(peer)
    this.#routes.set(key, events)
    return Promise.resolve({
      send: (datagram) => listener.send(datagram, peer, local),
      queued: () => listener.queued(),
      close: () => {
        if (this.#routes.get(key) === events) this.#routes.delete(key)
      },
    })
  }

  async listen(options: ListenOptions = {}): Promise<Listening> {
    if (this.#state !== 'new')
      throw new TftpError('ERR_TFTP_LISTENING', `this server is ${this.#state} already`)
    const { signal } = options
    signal?.throwIfAborted()
    this.#state = 'open'
    const { binds, lenient } = bindsOf(options)
    let mayLack = lenient
    let failure: unknown
    let port = options.port ?? 69
    for (const bind of binds) {
      try {
        // The port that the first address got is everybody's.
        const opened: Listener = await openListenerWith(
          this.#helper,
          'fd' in bind ? bind : { ...bind, port },
          (datagram, from, local) => this.#receive(opened, datagram, from, local),
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
    if (!first || (failure && !mayLack) || signal?.aborted) {
      await this.close({ deadlineMs: 0 })
      throw failure ?? signal?.reason
    }
    signal?.addEventListener('abort', () => void this.close(), { once: true })
    const addresses = this.#listeners.map(({ address }) => address)
    this.#bound = { port: first.port, address: first.address, addresses }
    return this.#bound
  }

  #receive(listener: Listener, datagram: Uint8Array, from: Endpoint, local?: string): void {
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
    } catch (error) {
      // The codec throws for malformed bytes only, and those are nothing to stop for.
      this.#drop('malformed', datagram, from, errorOf(error).message)
      return
    }
    const own = { address: local ?? listener.address, port: listener.port }
    const reason = this.#accept(own, request, from)
    if (reason) this.#drop(reason, datagram, from)
  }

  #accept(local: Endpoint, request: Request, peer: Endpoint): DropReason | undefined {
    const now = this.#shared.clock()
    const key = keyOf(peer)
    const before = this.#transfers.get(key)
    if (before?.isRepeatedBy(request, now)) return 'repeated'
    const place = this.#admission.enter(peer.address, now, before)
    if (typeof place === 'string') return place
    before?.cancel('', 'superseded')
    const transfer = new Transfer(
      this.#shared,
      request,
      { peer, local },
      {
        onAnswered: place.answered,
        onEnded: (ended) => this.#ended(key, ended, place),
        onRecord: (record, error) => this.#tell(record, error),
      },
    )
    this.#transfers.set(key, transfer)
    void transfer.run()
    return undefined
  }

  #ended(key: string, transfer: Transfer, place: Place): void {
    if (this.#transfers.get(key) === transfer) this.#transfers.delete(key)
    place.leave()
    if (this.#transfers.size === 0) this.#onIdle()
  }

  /** Gives the record to whoever wants it. What that throws is reported, and ends nothing. */
  #tell(record: TransferRecord, error: Error | undefined): void {
    const { onTransfer } = this.#settings
    if (error) this.#report(error, record)
    if (!onTransfer) return
    const failed = (thrown: unknown) => this.#report(errorOf(thrown), record)
    try {
      // It may be an async function.
      Promise.resolve<unknown>(onTransfer(record)).catch(failed)
    } catch (thrown) {
      failed(thrown)
    }
  }

  #report(failure: Error, record: TransferRecord): void {
    const { onError } = this.#settings
    logServer('transfer %d: %o', record.id, failure)
    try {
      Promise.resolve<unknown>(onError?.(failure, record)).catch((thrown: unknown) =>
        logServer('onError: %o', thrown),
      )
    } catch (thrown) {
      logServer('onError: %o', thrown)
    }
  }

  #drop(reason: DropReason, datagram: Uint8Array, peer: Endpoint, detail?: string): void {
    if (!dropChannel.hasSubscribers) return
    const { instance } = this.#shared
    dropChannel.publish({
      timeMs: Date.now(),
      instance,
      peer,
      reason,
      ...(detail === undefined ? {} : { detail }),
      bytes: datagram.length,
    })
  }

  close({
    deadlineMs = CLOSE_DEADLINE_MS,
  }: { readonly deadlineMs?: number | undefined } = {}): Promise<void> {
    return (this.#closing ??= this.#close(deadlineMs))
  }

  async #close(deadlineMs: number): Promise<void> {
    this.#state = 'closing'
    for (const transfer of this.#transfers.values()) if (transfer.isDallying) transfer.cancel('')
    if (this.#transfers.size > 0 && deadlineMs > 0) await this.#drained(deadlineMs)
    for (const transfer of this.#transfers.values()) transfer.cancel('the server is closing')
    await Promise.all(this.#listeners.map((listener) => listener.close()))
    this.#shared.cache.clear()
    this.#bound = undefined
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
