// What the checkout needs from npm, installed with the pnpm that package.json names.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const STAMP = 'node_modules/.lock-stamp'
const LOG = 'node_modules/.install.log'
/** The first npm whose `npx` takes `--yes`. */
const OLDEST_NPM = 7

const UNREACHED = /\b(?:EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT)\b/

/** Runs a program; resolves to its exit code and all that it said. */
const said = (command, args, cwd) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (text += bytes))
    child.once('error', (error) => resolve({ code: 127, text: error.message }))
    child.once('close', (code) => resolve({ code, text }))
  })

const whyFailed = ({ code, text }) => {
  const unreached = UNREACHED.exec(text)?.[0]
  if (unreached)
    return `the npm registry cannot be reached (${unreached}), so nothing was installed`
  return `what is missing could not be installed (exit code ${code}); ${LOG} holds what npm and pnpm said`
}

/**
 * Installs when the lockfile, Node's platform or pnpm's version moved since the last time.
 *
 * @param root the checkout's folder, as a URL that ends with a slash
 * @returns why it could not, in one sentence, or undefined
 */
export const installMissing = async (root) => {
  const at = (path) => new URL(path, root)
  const read = (path) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : '')
  const pnpm = JSON.parse(read('package.json')).packageManager.split('+')[0]
  const facts = [pnpm, process.platform, process.arch, read('pnpm-lock.yaml')]
  const stamp = createHash('sha256').update(facts.join('\n')).digest('hex')
  if (read(STAMP) === stamp) return undefined

  const folder = fileURLToPath(root)
  const npm = await said('npm', ['--version'], folder)
  if (npm.code !== 0) return 'there is no npm, which installs what is missing'
  if (Number.parseInt(npm.text, 10) < OLDEST_NPM)
    return `npm ${npm.text.trim()} is too old; npm ${OLDEST_NPM} or newer is needed`
  process.stderr.write('bootwire: installing what is missing\n')
  const outcome = await said('npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], folder)
  mkdirSync(at('node_modules'), { recursive: true })
  writeFileSync(at(LOG), outcome.text)
  if (outcome.code !== 0) return whyFailed(outcome)
  writeFileSync(at(STAMP), stamp)
  return undefined
}
