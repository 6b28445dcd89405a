import type { HostAddress, WantedInterface } from '../host/interfaces.ts'
import type { EventLog } from '../log/event-log.ts'
import { messageOf } from '../model/errors.ts'

/** How often the addresses of interfaces are looked at. */
const CHECK_MS = 2000

/** HTTP and TFTP at one address. */
export interface OpenedAt extends HostAddress {
  readonly http: number
  readonly tftp: number
  close(): Promise<void>
}

export interface FollowOptions {
  readonly wanted: readonly WantedInterface[]
  readonly addressNow: (wanted: WantedInterface) => string | undefined
  readonly open: (place: HostAddress) => Promise<OpenedAt>
  /** Told of what is served, in the order of `wanted`, after each change. */
  readonly changed: (served: readonly OpenedAt[]) => void
  readonly log: EventLog
}

interface Follow {
  readonly wanted: WantedInterface
  opened: OpenedAt | undefined
  /** What was said of it last: a failure is told once. */
  told: string
}

/** Keeps HTTP and TFTP where the interfaces are: an address that changes is followed, one that is not there yet waited for. */
export class InterfaceFollower {
  readonly #options: FollowOptions
  readonly #follows: readonly Follow[]
  #timer: NodeJS.Timeout | undefined
  #checking: Promise<void> | undefined
  #isClosed = false

  constructor(options: FollowOptions) {
    this.#options = options
    this.#follows = options.wanted.map((wanted) => ({ wanted, opened: undefined, told: '' }))
  }

  get served(): readonly OpenedAt[] {
    return this.#follows.flatMap(({ opened }) => opened ?? [])
  }

  serves(address: string): boolean {
    return this.#follows.some(({ opened }) => opened?.address === address)
  }

  /** Opens where there is an address now. @throws what cannot be opened */
  async start(): Promise<void> {
    for (const follow of this.#follows) {
      const { wanted } = follow
      const address = this.#options.addressNow(wanted)
      // oxlint-disable-next-line no-await-in-loop -- in order, so that the first failure is told
      if (address !== undefined) follow.opened = await this.#openAt(wanted, address)
      else this.#tell(follow, `${wanted.interface} has no IPv4 address yet: it is waited for`)
    }
    this.#options.changed(this.served)
    this.#later()
  }

  /** Looks at the addresses now; resolves when what has changed is served. */
  check(): Promise<void> {
    return (this.#checking ??= this.#check().finally(() => (this.#checking = undefined)))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#checking
    await Promise.all(this.served.map((opened) => opened.close()))
  }

  #openAt({ interface: name }: WantedInterface, address: string): Promise<OpenedAt> {
    return this.#options.open({ interface: name, address })
  }

  #later(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.check().then(() => this.#later()), CHECK_MS)
    this.#timer.unref()
  }

  async #check(): Promise<void> {
    for (const follow of this.#follows) {
      const address = this.#options.addressNow(follow.wanted)
      if (this.#isClosed || address === follow.opened?.address) continue
      // oxlint-disable-next-line no-await-in-loop -- one interface after the other
      await this.#move(follow, address)
    }
  }

  async #move(follow: Follow, address: string | undefined): Promise<void> {
    const { wanted, opened } = follow
    const { interface: name } = wanted
    follow.opened = undefined
    // What goes on at an address that is gone has nobody to go on with; it ends by itself.
    void opened?.close()
    if (opened) this.#options.changed(this.served)
    if (address === undefined) {
      this.#tell(
        follow,
        `${name} has lost ${opened?.address}: nothing is served there until an address comes`,
      )
      return
    }
    try {
      follow.opened = await this.#openAt(wanted, address)
      this.#options.changed(this.served)
      this.#tell(follow, `${name} has ${address} now: HTTP and TFTP are served there`)
    } catch (error) {
      this.#tell(follow, `${name}: ${messageOf(error)}; it is tried again`)
    }
  }

  #tell(follow: Follow, why: string): void {
    if (follow.told === why) return
    follow.told = why
    this.#options.log.emit('warning', { interface: follow.wanted.interface, why })
  }
}
