/** Bounds on what one request may be; docs/limits.md. */
export const HTTP_LIMITS = {
  headerBytes: 16_384,
  bodyBytes: 65_536,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 75_000,
  /** How often it is looked for requests that take too long. */
  checkIntervalMs: 1000,
  connections: 4096,
  connectionsPerAddress: 256,
  adminConnections: 256,
} as const
