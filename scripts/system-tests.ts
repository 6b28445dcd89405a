import { describe } from 'vitest'

/** True where Debian's servers and virtual machines may be used: `npm test` as root sets it. */
export const systemTests: boolean = process.env['BOOTWIRE_SYSTEM_TESTS'] === 'run'

/** A `describe` for tests that need root, namespaces or Debian packages; skipped, and counted so, without them. */
export const describeSystem: typeof describe.skip = systemTests ? describe : describe.skip
