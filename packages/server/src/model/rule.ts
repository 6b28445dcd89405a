/** A network of IPv4 addresses. */
export interface Cidr {
  readonly base: number
  readonly bits: number
}

/** One condition, as plain data; values are in comparable form. */
export type Test =
  | { readonly op: 'is'; readonly value: string }
  | { readonly op: 'in'; readonly values: readonly string[] }
  | { readonly op: 'prefix'; readonly value: string }
  | { readonly op: 'regex'; readonly source: string }
  | ({ readonly op: 'cidr' } & Cidr)

/** A condition on one fact. */
export interface Clause {
  readonly fact: string
  readonly test: Test
}

/** One entry of `machines` or `groups`, compiled. Plain data: it crosses from the loading thread as it is. */
export interface Rule {
  readonly name: string
  readonly kind: 'machine' | 'group'
  readonly rank: number
  readonly clauses: readonly Clause[]
  readonly profile?: string
  readonly tags?: readonly string[]
  readonly vars?: Readonly<Record<string, unknown>>
}
