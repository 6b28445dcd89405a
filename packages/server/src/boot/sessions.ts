/** How far a machine is in its boot, in order. */
const STAGES = ['dhcp', 'tftp', 'ipxe', 'script', 'kernel', 'answer', 'reported'] as const
export type Stage = (typeof STAGES)[number]

/** One boot of one machine, as seen from here. */
export interface BootSession {
  /** The id that all events of this boot carry. */
  readonly boot: string
  readonly mac: string
  readonly startedMs: number
  lastMs: number
  stage: Stage
  ip?: string
  profile?: string
  /** Facts from iPXE's own report, for the stages after it. */
  facts?: Readonly<Record<string, string>>
  /** Facts that only DHCP brings, for the stages after it. */
  fromDhcp?: Readonly<Record<string, string | undefined>>
  /** Why it boots what it boots. */
  why?: string
}

/** Machines remembered at once; the one unseen for longest is forgotten first. */
const MAX_SESSIONS = 10_000

/** A machine that is silent for this long and comes back starts another boot. */
const STALE_MS = 15 * 60_000

/** The boots going on, by hardware address and by IP address. */
export class Sessions {
  readonly #byMac = new Map<string, BootSession>()
  readonly #macByIp = new Map<string, string>()
  readonly #now: () => number
  readonly #newId: () => string

  constructor(now: () => number, newId: () => string) {
    this.#now = now
    this.#newId = newId
  }

  /** The boot that `mac` is in; `stage` says what it does now, which may begin another boot. */
  touch(mac: string, stage: Stage, startsOver = false): BootSession {
    const now = this.#now()
    const current = this.#byMac.get(mac)
    this.#byMac.delete(mac)
    const stale = current !== undefined && now - current.lastMs > STALE_MS
    const session =
      current && !stale && !startsOver
        ? current
        : {
            boot: this.#newId(),
            mac,
            startedMs: now,
            lastMs: now,
            stage,
            ...(current?.ip && { ip: current.ip }),
            ...(current?.fromDhcp && { fromDhcp: current.fromDhcp }),
          }
    session.lastMs = now
    if (STAGES.indexOf(stage) > STAGES.indexOf(session.stage)) session.stage = stage
    this.#byMac.set(mac, session)
    if (this.#byMac.size > MAX_SESSIONS) this.#forgetOldest()
    return session
  }

  /** Firmware that asks DHCP again after it got a file has been powered on again; iPXE's asking goes on with the boot. */
  onDhcp(mac: string, isIpxe: boolean): BootSession {
    const current = this.#byMac.get(mac)
    const past = current === undefined ? -1 : STAGES.indexOf(current.stage)
    const startsOver = past >= STAGES.indexOf(isIpxe ? 'script' : 'tftp')
    return this.touch(mac, isIpxe ? 'ipxe' : 'dhcp', startsOver)
  }

  learn(session: BootSession, ip: string): void {
    if (session.ip !== undefined && session.ip !== ip) this.#macByIp.delete(session.ip)
    session.ip = ip
    this.#macByIp.set(ip, session.mac)
  }

  get(mac: string): BootSession | undefined {
    return this.#byMac.get(mac)
  }

  macOf(ip: string): string | undefined {
    return this.#macByIp.get(ip)
  }

  /** Every machine that was at an address lately: behind one there may be many. */
  macsAt(ip: string): readonly string[] {
    const now = this.#now()
    return this.all()
      .filter((session) => session.ip === ip && now - session.lastMs <= STALE_MS)
      .map(({ mac }) => mac)
  }

  all(): BootSession[] {
    return [...this.#byMac.values()]
  }

  #forgetOldest(): void {
    const oldest = this.#byMac.values().next().value
    if (!oldest) return
    this.#byMac.delete(oldest.mac)
    if (oldest.ip !== undefined) this.#macByIp.delete(oldest.ip)
  }
}
