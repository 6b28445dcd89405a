import { createHash, timingSafeEqual } from 'node:crypto'

import type { AdminSettings } from '../../model/plan.ts'
import { scopeOf, type Admission, type Claim, type Headers } from '../../seam/route.ts'

/** A header that says which user of this host asks: whoever may use the socket is believed. */
export const USER_HEADER = 'bootwire-user'

const one = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]

/** By the socket: its file's rights have let in whoever is here. */
export const admitBySocket = (headers: Headers): Admission => {
  const user = one(headers[USER_HEADER])
  const isName = user !== undefined && /^[\w.@-]{1,64}$/.test(user)
  return { ok: true, asker: isName ? `${user} on this host` : 'this host' }
}

const refused = (status: 401 | 403 | 421, why: string): Admission => ({ ok: false, status, why })

/** The name in a Host header or an origin, without its port. */
const nameOf = (host: string): string => host.replace(/:\d+$/, '').toLowerCase()

const isOurs = ({ listen, hosts }: AdminSettings, host: string): boolean =>
  nameOf(host) === listen?.address || hosts.includes(nameOf(host))

const tokenOf = (headers: Headers): string | undefined =>
  /^Bearer +(\S+)$/i.exec(one(headers['authorization']) ?? '')?.[1]

/**
 * Over TCP: by a token of the right scope, and under a name that is ours. A page of somebody else's that a browser in this
 * network shows can neither ask as that browser nor by a name that it makes point here.
 */
export const admitByToken = (
  settings: AdminSettings,
  headers: Headers,
  claim: Claim,
): Admission => {
  const host = one(headers['host']) ?? ''
  if (!isOurs(settings, host))
    return refused(
      421,
      `"${host.slice(0, 64)}" is no name of this server; server.admin.hosts names more`,
    )
  const origin = one(headers['origin'])
  if (origin !== undefined && !(URL.canParse(origin) && isOurs(settings, new URL(origin).host)))
    return refused(403, 'a page of another origin may not ask this')
  const known = claim.admit?.(headers)
  if (known) return known
  const given = tokenOf(headers)
  if (given === undefined) return refused(401, 'a bearer token is needed')
  const hash = createHash('sha256').update(given).digest()
  const token = settings.tokens.find((each) =>
    timingSafeEqual(Buffer.from(each.sha256, 'hex'), hash),
  )
  if (!token) return refused(401, 'this token is not one of server.admin.tokens')
  const scope = scopeOf(claim)
  if (!token.scopes.includes(scope))
    return refused(403, `the token "${token.name}" has not the scope "${scope}"`)
  return { ok: true, asker: `token ${token.name}` }
}
