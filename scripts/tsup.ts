import { defineConfig } from 'tsup'

/** One build for every package: ES modules, type declarations, one file per entry. */
export const library = (entry: string[]): ReturnType<typeof defineConfig> =>
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
  })
