import { spawn, spawnSync } from 'node:child_process'
import { chownSync, readdirSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'

import { ServerError } from '../model/errors.ts'
import { defaultDataFolder } from './data.ts'

/** The user that root's daemon becomes where there is one. */
export const DEFAULT_USER = 'bootwire'

/** All that the daemon needs of root: ports below 1024, also when it binds them again. */
const CAPABILITY = 'net_bind_service'

/** Set in the program that runs as that user: it must not do so once more. */
const MARK = 'BOOTWIRE_USER'

const START_TIMEOUT_MS = 30_000

export interface User {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** What root does about its privileges: `keep` them and say why, or run as `user`. Undefined: it is not root's. */
export type Privileges =
  | { readonly kind: 'keep'; readonly why: string }
  | { readonly kind: 'drop'; readonly user: User }

const userNamed = (name: string): User | undefined => {
  const { stdout } = spawnSync('getent', ['passwd', name], { encoding: 'utf8' })
  const [found, , uid, gid] = (stdout ?? '').trim().split(':')
  return found === undefined || uid === undefined
    ? undefined
    : { name: found, uid: Number(uid), gid: Number(gid) }
}

const envOf = ({ name }: User): NodeJS.ProcessEnv => ({
  ...process.env,
  [MARK]: name,
  HOME: '/nonexistent',
  // What root would take: the user that it becomes has no home to keep state in.
  STATE_DIRECTORY: defaultDataFolder(),
})

const asUser = ({ uid, gid }: User): string[] => [
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--init-groups',
  `--inh-caps=-all,+${CAPABILITY}`,
  `--ambient-caps=-all,+${CAPABILITY}`,
  `--bounding-set=-all,+${CAPABILITY}`,
  '--no-new-privs',
]

/** This very program, started again. */
const program = (...args: readonly string[]): string[] => [
  process.execPath,
  ...process.execArgv,
  ...args,
]

/** Whether the program starts as that user: its files, and the folder that it is started in, may be another's alone. */
const runsAs = (user: User): boolean => {
  const [, entry = ''] = process.argv
  const words = [...asUser(user), ...program(entry, '--version')]
  return spawnSync('setpriv', words, { env: envOf(user), timeout: START_TIMEOUT_MS }).status === 0
}

/**
 * What to do about root's privileges.
 *
 * @param wanted - the user that was named; `root` keeps everything
 * @param files - what that user must be able to read
 * @param data - the data folder, which is given to that user
 * @throws {ServerError} `ERR_SERVER_PRIVILEGE`: the user that was named is not there
 */
export const privilegesFor = (
  wanted: string | undefined,
  files: readonly string[],
  data: string,
): Privileges | undefined => {
  if (process.getuid?.() !== 0 || process.env[MARK] !== undefined || wanted === 'root')
    return undefined
  const user = userNamed(wanted ?? DEFAULT_USER)
  if (!user && wanted !== undefined)
    throw new ServerError('ERR_SERVER_PRIVILEGE', `there is no user ${wanted} on this host`)
  if (!user) {
    const why = `there is no user ${DEFAULT_USER} to become; useradd --system ${DEFAULT_USER} makes one`
    return { kind: 'keep', why }
  }
  for (const file of files) {
    const { status, error } = spawnSync('setpriv', [...asUser(user), 'test', '-r', file])
    if (error) return { kind: 'keep', why: 'there is no setpriv, which Debian has in util-linux' }
    if (status !== 0) return { kind: 'keep', why: `the user ${user.name} may not read ${file}` }
  }
  if (!runsAs(user)) {
    const why = `the user ${user.name} cannot run this program from ${process.cwd()}; start it in a folder that this user may enter, such as /`
    return { kind: 'keep', why }
  }
  const [stranger] = strangersIn(data)
  if (stranger !== undefined) {
    const why = `the data folder ${data} holds ${stranger}, which is not the daemon's, so it is not given to the user ${user.name}; give a folder of its own with --data-dir`
    return { kind: 'keep', why }
  }
  return { kind: 'drop', user }
}

/** What the daemon itself puts into its data folder. */
const OURS =
  /^(?:lock|daemon\.json|admin\.sock|machines\.journal.*|state\.json.*|token\.key.*|features|ipxe.*)$/

/** What is in a folder that the daemon has not made: `--data-dir /etc` must not give that away. */
const strangersIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => !OURS.test(name))

/** Gives a folder and what is in it to the user; links in it are not followed. */
export const giveTo = (user: Pick<User, 'uid' | 'gid'>, folder: string): void => {
  const { uid, gid } = user
  chownSync(folder, uid, gid)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) giveTo(user, path)
    else if (entry.isFile()) chownSync(path, uid, gid)
  }
}

/** Runs this very program as the user, with the one capability that it needs; resolves to its exit code. */
export const runAs = (user: User): Promise<number> => {
  const words = [...asUser(user), ...program(...process.argv.slice(1))]
  const child = spawn('setpriv', words, { stdio: 'inherit', env: envOf(user) })
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  for (const signal of signals) process.on(signal, forward)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const each of signals) process.off(each, forward)
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
