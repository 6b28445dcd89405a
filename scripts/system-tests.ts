import { describe } from 'vitest'

/** True where Debian's servers and virtual machines may be used: `npm test` as root sets it. */
export const systemTests: boolean = process.env['BOOTWIRE_SYSTEM_TESTS'] === 'run'

/** The packages that this host's release lacks, by their names in scripts/debian/table.mjs. */
const lacked = new Set((process.env['BOOTWIRE_LACKED_PACKAGES'] ?? '').split(','))

/** A `describe` for tests that need root, namespaces or Debian packages; skipped, and counted so, without them. */
export const describeSystem: typeof describe.skip = systemTests ? describe : describe.skip

/** The same for tests that need packages which not every release has: `describeSystemWith(['atftpd'])('…', …)`. */
export const describeSystemWith = (packages: readonly string[]): typeof describe.skip =>
  packages.some((name) => lacked.has(name)) ? describe.skip : describeSystem
