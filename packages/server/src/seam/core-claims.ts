import type { Claim } from './route.ts'

/** Every path that the core answers, by its name in the code. The one table, for both doors. */
export const CORE_CLAIMS = {
  root: { door: 'boot', path: '/' },
  healthz: { door: 'boot', path: '/healthz' },
  readyz: { door: 'boot', path: '/readyz' },
  bootIpxe: { door: 'boot', path: '/boot.ipxe' },
  script: { door: 'boot', path: '/script' },
  answer: { door: 'boot', path: '/answers/:mac/:answer' },
  // For installers that ask all of them the same, or tell their facts in the body: by address, or by what they tell.
  answerHere: { door: 'boot', path: '/answers/:answer', methods: ['GET', 'POST'], body: true },
  // A HEAD, as link checkers send it, must not use up the token.
  report: { door: 'boot', path: '/report/:token', methods: ['GET', 'POST', 'PUT'], head: false },
  reportStatus: {
    door: 'boot',
    path: '/report/:token/:status',
    methods: ['GET', 'POST', 'PUT'],
    head: false,
  },
  assets: { door: 'boot', path: '/assets/*' },
  ipxe: { door: 'boot', path: '/ipxe/*' },
  status: { door: 'admin', path: '/status' },
  explain: { door: 'admin', path: '/explain' },
  // Names, addresses, serial numbers: what `simulate --all` walks.
  configured: { door: 'admin', path: '/configured' },
  machines: { door: 'admin', path: '/machines' },
  machine: { door: 'admin', path: '/machines/:machine/:action', methods: ['POST'] },
} as const satisfies Readonly<Record<string, Claim>>

export type CoreRoute = keyof typeof CORE_CLAIMS

/** A header with which a script is asked for to look at it: nothing changes, and no installation can be reported by it. */
export const ASKS_ONLY = 'bootwire-asks-only'
