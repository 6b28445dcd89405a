import type { BootRequest } from '../decide/request.ts'
import { identityOf } from '../decide/request.ts'
import { BoundedMap } from './bounded-map.ts'

/** Every code of a {@link Notice}; `docs/channels.md` has a row for each. */
export const NOTICE_CODES = [
  'main-server-option-60',
  'second-proxy',
  'main-server-boot-file',
  'client-came-back',
  'client-not-served',
  'port-shared',
  'replies-not-heard',
  'address-changed',
  'address-gone',
  'socket-error',
] as const

export type NoticeCode = (typeof NOTICE_CODES)[number]

/** Something that stands in the way of a boot, or limits what this server sees; each is told once per subject. */
export interface Notice {
  readonly code: NoticeCode
  /** The server, machine, port or class it is about. */
  readonly subject: string
  readonly message: string
}

/** How many subjects are remembered; beyond that the oldest may be told of again. */
const MAX_SUBJECTS = 1024
/** How many notices of one code are told in an hour: strangers can make up subjects. */
const MAX_PER_HOUR = 60
const HOUR_MS = 3_600_000
const FOREVER_MS = Number.MAX_SAFE_INTEGER
/** Two boots of one machine within this time, with nothing fetched in between, are one failing boot. */
const CAME_BACK_MS = 120_000
const MAX_MACHINES = 4096
/** A machine that has asked so often, over such a time, does not take what it is offered. */
const MAX_UNANSWERED = 3
const PATIENCE_MS = 6000
/** No machine is powered on twice within this time; its retransmissions may have new transaction ids. */
const POWER_CYCLE_MS = 30_000

interface Machine {
  readonly firmware: string
  xid: number
  /** DISCOVERs since it last went on. */
  discovers: number
  readonly sinceMs: number
  /** It asked a DHCP server for an address, or a boot server for its file. */
  hasRequested: boolean
  hasFetched: boolean
  /** A DHCP server was heard to offer it an address. */
  hasOffer: boolean
  isTold: boolean
}

const WAYS_OUT =
  'try another reply layout for it (direct-prompt, binl), and look for a second boot server with `bootwire-dhcp probe`'

/** Remembers what was told, and which machines came for a boot without ever going on. */
export class Notices {
  readonly #told = new BoundedMap<true>(MAX_SUBJECTS, FOREVER_MS)
  readonly #hours = new Map<string, { startMs: number; count: number }>()
  readonly #machines = new BoundedMap<Machine>(MAX_MACHINES, CAME_BACK_MS)
  #knowsDownloads = false

  /** True the first time. */
  isNew({ code, subject }: Notice, nowMs: number): boolean {
    const key = `${code} ${subject}`
    if (this.#told.get(key, nowMs)) return false
    const hour = this.#hours.get(code)
    if (!hour || nowMs - hour.startMs >= HOUR_MS)
      this.#hours.set(code, { startMs: nowMs, count: 1 })
    else if (++hour.count > MAX_PER_HOUR) return false
    this.#told.set(key, true, nowMs)
    return true
  }

  /** It may be told again, as when what it says ended. */
  forget(code: NoticeCode, subject: string): void {
    this.#told.delete(`${code} ${subject}`)
  }

  /** Someone saw this machine fetch something; until the first such word, coming back with an address says nothing. */
  reached(machine: string, nowMs: number): void {
    this.#knowsDownloads = true
    const known = this.#machines.get(machine, nowMs)
    if (known) known.hasFetched = true
  }

  /** This machine asked for an address, or for its boot file on port 4011: it took an offer. */
  requested(machine: string, nowMs: number): void {
    const known = this.#machines.get(machine, nowMs)
    if (!known) return
    known.hasRequested = true
    known.discovers = 0
  }

  /** A DHCP server was heard to offer an address to this machine. */
  heardOffer(machine: string, nowMs: number): void {
    const known = this.#machines.get(machine, nowMs)
    if (known) known.hasOffer = true
  }

  /** An OFFER went to this machine. */
  offered(request: BootRequest, nowMs: number): Notice | undefined {
    const { firmware, xid } = request
    const machine = identityOf(request)
    const before = this.#machines.get(machine, nowMs)
    if (!before || before.firmware !== firmware || before.hasFetched) {
      this.#machines.set(machine, firstSeen(request, nowMs), nowMs)
      return undefined
    }
    before.discovers++
    const isNewBoot = before.xid !== xid
    before.xid = xid
    if (before.isTold) return undefined
    const notice =
      isNewBoot && before.hasRequested
        ? this.#neverFetched(machine, before)
        : this.#neverRequested(machine, before, isNewBoot, nowMs)
    if (isNewBoot) before.hasRequested = false
    if (notice) before.isTold = true
    return notice
  }

  /** A machine that only asks. Where others are known to fetch, one that was powered on again is enough. */
  #neverRequested(
    machine: string,
    seen: Machine,
    isNewBoot: boolean,
    nowMs: number,
  ): Notice | undefined {
    const isBack = this.#knowsDownloads && isNewBoot && nowMs - seen.sinceMs >= POWER_CYCLE_MS
    return isBack || isOverdue(seen, nowMs) ? tookNothing(machine, seen) : undefined
  }

  #neverFetched(machine: string, { firmware }: Machine): Notice | undefined {
    if (!this.#knowsDownloads) return undefined
    return {
      code: 'client-came-back',
      subject: machine,
      message: `${machine} (${firmware}) came back without fetching what it was offered: it asked for an address, so it heard a DHCP server, but its firmware did not use our offer; ${WAYS_OUT}`,
    }
  }
}

const firstSeen = ({ firmware, xid }: BootRequest, nowMs: number): Machine => ({
  firmware,
  xid,
  discovers: 1,
  sinceMs: nowMs,
  hasRequested: false,
  hasFetched: false,
  hasOffer: false,
  isTold: false,
})

/**
 * A machine that goes on asking. Where the main server is slow some ask three times within 3 s, as iPXE does, so it takes
 * one time more, or some patience.
 */
const isOverdue = ({ discovers, sinceMs }: Machine, nowMs: number): boolean =>
  discovers > MAX_UNANSWERED || (discovers === MAX_UNANSWERED && nowMs - sinceMs >= PATIENCE_MS)

const tookNothing = (machine: string, { firmware, discovers, hasOffer }: Machine): Notice => {
  const heard = hasOffer
    ? `a DHCP server offered it an address, yet it asked for none: it refuses one of the two offers; ${WAYS_OUT}`
    : 'no DHCP server was heard to offer it an address, without which nothing boots (an offer by unicast is not heard here): look there first'
  return {
    code: 'client-came-back',
    subject: machine,
    message: `${machine} (${firmware}) has sent ${discovers} DISCOVERs, was answered each time and took nothing: ${heard}`,
  }
}
