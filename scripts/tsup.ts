import { cp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { defineConfig } from 'tsup'

const PREBUILT = fileURLToPath(new URL('../internal/socket-helper/prebuilt', import.meta.url))

interface Extras {
  /** For packages that load the socket helper: its prebuilt files are copied to `dist/socket-helper/`, where `load.ts` looks. */
  readonly socketHelper?: boolean
}

/** One build for every package: ES modules, type declarations, one file per entry. */
export const library = (
  entry: string[],
  { socketHelper = false }: Extras = {},
): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'node20',
    // `ignoreDeprecations`: tsup sets `baseUrl`, which TypeScript 6 refuses (egoist/tsup#1388).
    // Workspace parts of `internal/` are never published: their code is bundled (tsup does so for devDependencies), their types too.
    noExternal: [/^@bootwire-internal\//],
    dts: {
      resolve: [/^@bootwire-internal\//],
      compilerOptions: { ignoreDeprecations: '6.0', customConditions: [] },
    },
    clean: true,
    sourcemap: true,
    treeshake: true,
    ...(socketHelper && {
      onSuccess: () => cp(PREBUILT, 'dist/socket-helper', { recursive: true }),
    }),
  })
