// Packs every package and looks at it as npm users would: publint, attw, then install the tarballs in an empty
// folder, import them, require them and type-check them, with nothing of the workspace in reach.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const folders = readdirSync('packages').map((name) => join('packages', name))
const manifests = folders.map((folder) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
)
const scratch = mkdtempSync(join(tmpdir(), 'bootwire-pack-'))
const MUST_HAVE = ['package/LICENSE', 'package/README.md', 'package/package.json']

const run = (command, args, cwd = '.') => {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}${error.stderr}`, {
      cause: error,
    })
  }
}

/** Parts of `internal/` are never published: the build takes in their code and their types. */
const refuseInternalImports = (folder) => {
  const dist = join(folder, 'dist')
  for (const name of readdirSync(dist, { recursive: true })) {
    if (!/\.(?:js|d\.ts)$/.test(name)) continue
    if (
      /(?:from|import)\s*\(?['"]@bootwire-internal\//.test(readFileSync(join(dist, name), 'utf8'))
    )
      throw new Error(`${join(dist, name)} imports from @bootwire-internal, which is not published`)
  }
}

const pack = (folder) => {
  refuseInternalImports(folder)
  const packed = JSON.parse(run('pnpm', ['pack', '--json', '--pack-destination', scratch], folder))
  const tarball = packed.filename
  const files = run('tar', ['-tzf', tarball]).split('\n')
  for (const file of MUST_HAVE) {
    if (!files.includes(file)) throw new Error(`${tarball} lacks ${file}`)
  }
  run('publint', ['run', tarball, '--strict'])
  run('attw', [tarball, '--profile', 'esm-only'])
  return tarball
}

/** Every public entry as users write it: `@bootwire/tftp/codec`. */
const entries = manifests.flatMap(({ name, exports }) =>
  Object.keys(exports)
    .filter((key) => key !== './package.json')
    .map((key) => name + key.slice(1)),
)

const consume = (tarballs) => {
  const folder = join(scratch, 'consumer')
  mkdirSync(folder)
  const local = Object.fromEntries(manifests.map(({ name }, i) => [name, `file:${tarballs[i]}`]))
  const types = { typescript: '6.0.3', '@types/node': '20.19.43' }
  // The overrides make the server's own dependencies these tarballs too: nothing of ours is on the registry yet.
  const manifest = {
    private: true,
    type: 'module',
    dependencies: local,
    overrides: local,
    devDependencies: types,
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], folder)
  const imports = entries.map(
    (entry) =>
      `if (Object.keys(await import('${entry}')).length === 0) throw new Error('${entry} is empty')`,
  )
  writeFileSync(join(folder, 'import.mjs'), imports.join('\n'))
  run('node', ['import.mjs'], folder)
  // `require` of ES modules needs no flag from Node 20.19 on.
  writeFileSync(
    join(folder, 'require.cjs'),
    entries.map((entry) => `require('${entry}')`).join('\n'),
  )
  run('node', ['require.cjs'], folder)
  writeFileSync(
    join(folder, 'use.ts'),
    entries.map((entry, i) => `export * as e${i} from '${entry}'`).join('\n'),
  )
  for (const [module, resolution] of [
    ['node20', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2023',
      '--lib',
      'es2023,esnext.disposable',
      '--types',
      'node',
    ]
    run(
      resolve('node_modules/.bin/tsc'),
      [...options, '--module', module, '--moduleResolution', resolution, 'use.ts'],
      folder,
    )
  }
  for (const { name, bin } of manifests) {
    for (const command of Object.keys(bin)) {
      const printed = run(join('node_modules', '.bin', command), ['--help'], folder)
      if (!printed.includes(command))
        throw new Error(`${command} --help of ${name} does not name itself`)
    }
  }
}

try {
  const tarballs = folders.map(pack)
  consume(tarballs)
  process.stdout.write(`${tarballs.length} packages, ${entries.length} entries\n`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
