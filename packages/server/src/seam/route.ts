import type { Query } from '../decide/query.ts'
import type { Scope } from '../model/scopes.ts'

/** Machines come by the one, people and other programs by the other: `boot` needs no right, `admin` does. */
export type Door = 'boot' | 'admin'

/** Headers of a request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Whether a request may come in by the admin door, and who it is of. */
export type Admission =
  | { readonly ok: true; readonly asker: string }
  | { readonly ok: false; readonly status: 401 | 403 | 421; readonly why: string }

/** A path that somebody answers. */
export interface Claim {
  readonly door: Door
  /** `/machines/:mac/:action`, `/assets/*` */
  readonly path: string
  /** Default: GET, and HEAD with it. */
  readonly methods?: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** False: GET does not answer HEAD as well, which link checkers send. */
  readonly head?: boolean
  /** The body is read, up to the limit of docs/limits.md; otherwise it is thrown away. */
  readonly body?: boolean
  /** What a token must be good for, at the admin door. Default: `read` for GET, `act` for the rest. */
  readonly scope?: Scope
  /**
   * At the admin door over TCP, for a feature that knows who asks by other means than a token, once name and origin are
   * found to be ours. Undefined: leave it to the tokens.
   */
  readonly admit?: (headers: Headers) => Admission | undefined
}

/** What a token must be good for, to use a claim. */
export const scopeOf = ({ scope, methods = ['GET'] }: Claim): Scope =>
  scope ?? (methods.every((method) => method === 'GET') ? 'read' : 'act')

export interface RouteRequest {
  readonly method: string
  /** Parts of the path by name, decoded; what `*` stands for is called `*`. */
  readonly params: Readonly<Partial<Record<string, string>>>
  readonly query: Query
  readonly headers: Headers
  /** IP address of who asks; empty at the socket of the admin door. */
  readonly address: string
  /** Our IP address that was asked; empty at a socket. */
  readonly localAddress: string
  /** At the admin door: who asks, for people. */
  readonly asker: string
  /** Empty unless the route has `body`. */
  readonly body: Buffer
}

/** Bytes within a file, which are sent as if they were a file of their own: what is in an archive, an image. */
export interface FileParts {
  readonly file: { readonly path: string; readonly root: string }
  /** Of whoever asks: its ending gives the type. */
  readonly name: string
  readonly ranges: readonly { readonly offset: number; readonly lengthBytes: number }[]
  /** The state of the file for which the ranges are right: `versionOf` its stats. */
  readonly version: string
}

/** What is answered. A file, or parts of one, are served with ranges, conditions and types, as the assets are. */
export type RouteAnswer =
  | {
      /** Default: 200. */
      readonly status?: number
      /** Content type. Default: plain text. */
      readonly type?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly body: string | Buffer
    }
  | { readonly json: unknown }
  | { readonly file: { readonly path: string; readonly root: string } }
  | { readonly parts: FileParts }

export type Handler = (request: RouteRequest) => RouteAnswer | Promise<RouteAnswer>

export interface Route extends Claim {
  readonly handle: Handler
}

/** Answers with a text. */
export const textAnswer = (status: number, body: string): RouteAnswer => ({ status, body })

/** A claim and who makes it. */
export interface OwnedClaim extends Claim {
  /** `core`, or the name of a feature. */
  readonly owner: string
}

const segmentsOf = (path: string): string[] => path.split('/').slice(1)

/** True where one path can be meant by both. */
const overlap = (a: string, b: string): boolean => {
  const [left, right] = [segmentsOf(a), segmentsOf(b)]
  for (let i = 0; ; i++) {
    const [x, y] = [left[i], right[i]]
    if (x === '*' || y === '*') return true
    if (x === undefined || y === undefined) return x === y
    if (x !== y && !x.startsWith(':') && !y.startsWith(':')) return false
  }
}

/** Two owners that claim one path, as sentences; with `from`, only those with a claim that stands from there on. */
export const clashesOf = (claims: readonly OwnedClaim[], from = 0): string[] =>
  claims.flatMap((claim, i) =>
    claims
      .slice(0, i >= from ? i : 0)
      .filter((other) => other.owner !== claim.owner && overlap(other.path, claim.path))
      .map(
        (other) =>
          `${claim.owner} claims ${claim.path}, which ${other.owner} has claimed as ${other.path}; turn one of them off`,
      ),
  )
