// The machine that this runs on: what it is, and how its programs are called.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const POLICY = '/usr/sbin/policy-rc.d'

/** A reason that a person can act on, in one sentence: never shown with a stack. */
export class HostError extends Error {}

/** What was downloaded is not what the table pins: nothing goes on after that. */
export class PinError extends HostError {}

/** What debian.mjs does to the machine; tests hand in one of their own. */
export const realHost = {
  isRoot: () => process.getuid?.() === 0,
  isDebianLike: () =>
    process.platform === 'linux' && existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg'),
  /** `bookworm`, `trixie`…; a release in the making has a name as well. */
  codename: () => {
    const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
    return /^VERSION_CODENAME="?([\w-]+)/m.exec(release)?.[1] ?? 'sid'
  },
  hasSystemd: () => existsSync('/run/systemd/system'),
  /** Keeps packages' start-up scripts from starting services: the policy-rc.d interface of invoke-rc.d. */
  withoutServices: (action) => {
    const ours = !existsSync(POLICY)
    if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    try {
      action()
    } finally {
      if (ours) rmSync(POLICY, { force: true })
    }
  },
  /** Runs a program to its end; returns what it printed. Throws {@link HostError} with what it complained of first. */
  run: (command, args, options = {}) => {
    try {
      const env = { ...process.env, LC_ALL: 'C.UTF-8', ...options.env }
      return execFileSync(command, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        ...options,
        env,
      })
    } catch (error) {
      throw new HostError(`${command} ${args[0] ?? ''}: ${complaintOf(error)}`, { cause: error })
    }
  },
}

/** apt's `E:` line, or the last thing that a program said. */
const complaintOf = (error) => {
  if (error.code === 'ENOENT') return 'there is no such program'
  const lines = `${error.stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '')
  const told = lines.find((line) => line.startsWith('E: ')) ?? lines.at(-1) ?? error.message
  return told.replace(/^E: /, '').trim()
}
