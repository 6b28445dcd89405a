// node scripts/run.mjs COMMAND…  Installs when the lockfile moved, then runs COMMAND. Node built-ins only.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const at = (path) => new URL(path, root)
const read = (path) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : '')
const pnpm = JSON.parse(read('package.json')).packageManager.split('+')[0]
const facts = [pnpm, process.platform, process.arch, read('pnpm-lock.yaml')]
const stamp = createHash('sha256').update(facts.join('\n')).digest('hex')

process.env.PATH = fileURLToPath(at('node_modules/.bin')) + delimiter + process.env.PATH
process.on('SIGINT', () => {}) // a terminal sends it to the child as well: let the child drain

const run = (command, args, stdio = 'inherit') =>
  new Promise((resolve, reject) => {
    const shell = process.platform === 'win32'
    const child = spawn(command, args, { cwd: root, stdio, shell })
    for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => child.kill(signal))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else process.exit(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })

if (read('node_modules/.lock-stamp') !== stamp) {
  // The installer's report goes to stderr, so that a command's own output stays clean.
  await run('npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], ['inherit', 2, 2])
  writeFileSync(at('node_modules/.lock-stamp'), stamp)
}
const [command, ...args] = process.argv.slice(2)
if (command) await run(command, args)
