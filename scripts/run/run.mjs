// Runs a command of the checkout, with everything installed that it needs. Node built-ins only.
import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

import { installMissing } from './install.mjs'

const root = new URL('../../', import.meta.url)

/**
 * Runs `[command, ...args]` and ends this process with its exit code.
 *
 * @param cwd where it runs; default: the checkout's folder
 */
export const run = async ([command, ...args], cwd = fileURLToPath(root)) => {
  process.env.PATH =
    fileURLToPath(new URL('node_modules/.bin', root)) + delimiter + process.env.PATH
  process.on('SIGINT', () => {}) // a terminal sends it to the child as well: let the child drain
  const why = await installMissing(root)
  if (why !== undefined) {
    process.stderr.write(`bootwire: ${why}\n`)
    process.exit(1)
  }
  if (command === undefined) return
  const shell = process.platform === 'win32'
  const child = spawn(command, args, { cwd, stdio: 'inherit', shell })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => child.kill(signal))
  child.once('error', (error) => {
    process.stderr.write(`bootwire: ${command} cannot be started: ${error.message}\n`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}
