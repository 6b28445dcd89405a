import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { messageOf } from '../../model/errors.ts'
import { StateError } from '../state-error.ts'

/** A folder that this process alone may use, until it ends in whatever way. */
export interface FolderLock {
  release(): Promise<void>
}

/** Who holds a folder, for the other's message. */
const self = (): string =>
  JSON.stringify({
    pid: process.pid,
    command: [process.title, ...process.argv.slice(1)].join(' ').slice(0, 200),
    host: hostname(),
    since: new Date().toISOString(),
  })

const describeHolder = (text: string): string => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return 'another process'
    const field = (name: string): string => String(Reflect.get(value, name))
    const host = field('host') === hostname() ? '' : ` on ${field('host')}`
    return `process ${field('pid')}${host} (${field('command')}), since ${field('since')}`
  } catch {
    // It is writing its name at this moment.
    return 'another process'
  }
}

/** 0: ours now; 1: somebody else's; undefined: this system cannot say. */
const flock = (fd: number): number | undefined => {
  const { status, error } = spawnSync('flock', ['-n', '-x', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  })
  return error || status === null || status > 1 ? undefined : status
}

/** A name in the kernel that only one process has; it knows nothing of other network namespaces. */
const bindName = (folder: string): Promise<Server | undefined> => {
  const { dev, ino } = statSync(folder)
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(`\0bootwire-state-${dev}-${ino}`, () => resolve(server.unref()))
  })
}

/**
 * Locks a folder for this process. The lock is the kernel's (flock(2) on a file that stays open, taken by the `flock`
 * command for Node has no call for it), so that it ends with the process, however that ends, and two that start at once
 * cannot both have it, in whatever container each is. Without that command it is a name that is bound.
 * @throws {StateError} `BW-STATE-LOCKED`, naming who has it
 */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  const path = join(folder, 'lock')
  const fd = openSync(path, 'a+', 0o640)
  const taken = (): StateError => {
    const holder = describeHolder(readFileSync(path, 'utf8'))
    const message = `the state in ${folder} is in use by ${holder}; stop that, or give this one a folder of its own with --data-dir`
    return new StateError('BW-STATE-LOCKED', message)
  }
  try {
    const status = flock(fd)
    const server = status === undefined ? await bindName(folder) : undefined
    if (status === 1 || (status === undefined && !server)) throw taken()
    ftruncateSync(fd, 0)
    writeSync(fd, self())
    return {
      release: async () => {
        closeSync(fd)
        if (server) await new Promise((resolve) => server.close(resolve))
      },
    }
  } catch (error) {
    closeSync(fd)
    if (error instanceof StateError) throw error
    throw new StateError('BW-STATE-WRITE', `cannot lock ${folder}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
