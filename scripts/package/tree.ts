import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const CHECKOUT: string = fileURLToPath(new URL('../..', import.meta.url))

const pnpm = (...args: string[]): void => {
  // Its progress is no output of ours, but says what is wrong where it fails.
  execFileSync('pnpm', args, { cwd: CHECKOUT, stdio: ['ignore', 2, 2] })
}

/** What nobody needs to run the program. */
const SPARE = /\.(?:d\.[cm]?ts|map)$/

/**
 * Builds the packages and puts the daemon with all that it needs at run time into a folder, in the versions of
 * pnpm-lock.yaml, without links: `bin/bootwire.js` there runs with nothing but Node.
 */
export const writeTree = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true })
  pnpm('--recursive', '--filter', './packages/*', 'run', 'build')
  // `--legacy`: pnpm 10 otherwise asks for injected workspace packages, which would change how everybody's checkout is installed.
  const flat = ['--legacy', '--prod', '--config.node-linker=hoisted']
  pnpm('--filter', '@bootwire/server', 'deploy', ...flat, folder)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (SPARE.test(name)) rmSync(join(folder, name))
  rmSync(join(folder, 'node_modules/.bin'), { recursive: true, force: true })
}
