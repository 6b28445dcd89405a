import { defineConfig } from 'vitest/config'

import { CountReporter } from './scripts/count-reporter.ts'

const conditions = ['@bootwire/source', 'node', 'import', 'module', 'default']
const SYSTEM = '**/*.system.test.ts'

const unit = (name: string) => ({
  extends: true as const,
  test: { name, root: `packages/${name}`, include: ['test/**/*.test.ts'], exclude: [SYSTEM] },
})

/**
 * Tests on Debian's own servers (`*.system.test.ts`): one file after the other, they share ports and cores. Firmware and
 * Squid have races of their own, so a test may run twice; the reporter names those that needed it.
 */
const system = {
  extends: true as const,
  test: {
    name: 'system',
    include: [
      '{packages,internal}/*/test/**/*.system.test.ts',
      '{examples,scripts}/**/*.system.test.ts',
    ],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    retry: 1,
    sequence: { groupOrder: 1 },
  },
}

/** Workspace parts that are never published. */
const internal = {
  extends: true as const,
  test: { name: 'internal', include: ['internal/*/test/**/*.test.ts'], exclude: [SYSTEM] },
}

/** What runs the commands of the checkout. */
const scripts = {
  extends: true as const,
  test: { name: 'scripts', include: ['scripts/test/**/*.test.ts'], exclude: [SYSTEM] },
}

const examples = {
  extends: true as const,
  test: {
    name: 'examples',
    include: ['examples/**/*.test.ts'],
    exclude: [SYSTEM, '**/node_modules/**'],
  },
}

const PACKAGES = ['dhcp-proxy', 'tftp', 'ipxe-script', 'squid-rules', 'server']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: ['default', new CountReporter()],
    setupFiles: [new URL('scripts/test-setup.ts', import.meta.url).pathname],
    projects: [...PACKAGES.map(unit), internal, scripts, examples, system],
  },
})
