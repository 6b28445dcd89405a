/** Bounds on what one request may be; docs/limits.md. */
export const HTTP_LIMITS = {
  headerBytes: 16_384,
  bodyBytes: 65_536,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 75_000,
  connections: 4096,
  adminConnections: 256,
} as const
