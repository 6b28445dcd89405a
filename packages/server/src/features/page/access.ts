import type { Admission, Headers, RouteRequest } from '../../seam/route.ts'
import { isProof, type Session, type Sessions } from './sessions.ts'

const COOKIE = 'bootwire-page'

/** With it a script proves that a page of ours asks for a change; a form has a field of that name. */
export const CSRF = 'bootwire-csrf'

const one = (headers: Headers, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** Sent to the page's own paths, and with nothing that another site begins; no script can read it. */
export const cookieOf = (secret: string): string =>
  `${COOKIE}=${secret}; Path=/page; HttpOnly; SameSite=Strict`

const secretIn = (headers: Headers): string | undefined =>
  new RegExp(`(?:^|; ?)${COOKIE}=([\\w-]+)`).exec(one(headers, 'cookie') ?? '')?.[1]

/** The session that a request is of. */
export const sessionOf = (
  sessions: Sessions,
  headers: Headers,
  nowMs: number,
): Session | undefined => {
  const secret = secretIn(headers)
  return secret === undefined ? undefined : sessions.use(secret, nowMs)
}

/** Lets in who has a session, or leaves it to the tokens where one is given. */
export const admitBySession = (
  sessions: Sessions,
  headers: Headers,
  nowMs: number,
): Admission | undefined => {
  if (one(headers, 'authorization') !== undefined) return undefined
  const session = sessionOf(sessions, headers, nowMs)
  if (session) return { ok: true, asker: `${session.asker}, on the page` }
  const why = 'this page needs a link of its own: run `bootwire page` on the host of the server'
  return { ok: false, status: 401, why }
}

/** The page of the boot door, on another port, is the same site to a browser: only the same origin counts. */
const isForeign = (headers: Headers): boolean => {
  const [site, origin] = [one(headers, 'sec-fetch-site'), one(headers, 'origin')]
  if (site !== undefined && site !== 'same-origin') return true
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== one(headers, 'host')
}

/** Why a request may change nothing; undefined: it may. Who came by a socket or a token needs no proof: no browser did. */
export const refusalOfChange = (
  sessions: Sessions,
  { headers, body }: Pick<RouteRequest, 'headers' | 'body'>,
  nowMs: number,
): string | undefined => {
  if (isForeign(headers)) return 'a change must come from a page of this server'
  const session = sessionOf(sessions, headers, nowMs)
  if (!session) return undefined
  const given = one(headers, CSRF) ?? new URLSearchParams(body.toString()).get(CSRF) ?? undefined
  return isProof(session, given)
    ? undefined
    : 'a change needs what this session’s pages say; load the page again'
}
