import { createHash, timingSafeEqual } from 'node:crypto'

/** Who may use the page. */
export interface Session {
  /** For people: who asked for the link. */
  readonly asker: string
  /** What a form or a script must say to change anything. */
  readonly csrf: string
  lastMs: number
}

/** Bounds, in docs/limits.md. */
export const SESSION_LIMITS = {
  codes: 32,
  codeLifeMs: 600_000,
  sessions: 256,
  idleMs: 12 * 3_600_000,
} as const

/** Secrets are kept as their hashes: finding one by its hash tells nothing of it by time, nor does a core dump. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

const forgetOldest = (map: Map<string, unknown>, limit: number): void => {
  const [oldest] = map.keys()
  if (map.size > limit && oldest !== undefined) map.delete(oldest)
}

/** Links that were handed out, and the sessions that came of them. A restart ends them all. */
export class Sessions {
  readonly #codes = new Map<string, { readonly asker: string; readonly untilMs: number }>()
  readonly #sessions = new Map<string, Session>()
  readonly #newSecret: () => string

  constructor(newSecret: () => string) {
    this.#newSecret = newSecret
  }

  /** A code that opens one session, once and soon. */
  newCode(asker: string, nowMs: number): string {
    const code = this.#newSecret()
    this.#codes.set(hashOf(code), { asker, untilMs: nowMs + SESSION_LIMITS.codeLifeMs })
    forgetOldest(this.#codes, SESSION_LIMITS.codes)
    return code
  }

  /** Uses a code up: the secret of the new session; undefined where the code is none, is used, or is too old. */
  redeem(code: string, nowMs: number): string | undefined {
    const hash = hashOf(code)
    const known = this.#codes.get(hash)
    this.#codes.delete(hash)
    if (!known || nowMs >= known.untilMs) return undefined
    const secret = this.#newSecret()
    const session = { asker: known.asker, csrf: this.#newSecret(), lastMs: nowMs }
    this.#sessions.set(hashOf(secret), session)
    forgetOldest(this.#sessions, SESSION_LIMITS.sessions)
    return secret
  }

  /** The session of a secret, which goes on from now. */
  use(secret: string, nowMs: number): Session | undefined {
    const hash = hashOf(secret)
    const session = this.#sessions.get(hash)
    if (!session) return undefined
    this.#sessions.delete(hash)
    if (nowMs - session.lastMs >= SESSION_LIMITS.idleMs) return undefined
    session.lastMs = nowMs
    this.#sessions.set(hash, session)
    return session
  }
}

/** Whether what came with a change is what this session's pages say. */
export const isProof = ({ csrf }: Session, given: string | undefined): boolean =>
  given !== undefined && timingSafeEqual(Buffer.from(hashOf(csrf)), Buffer.from(hashOf(given)))
