import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, resolve } from 'node:path'

import { parseYaml } from '../../config/positions.ts'
import { readTextFile } from '../../load/read-text.ts'
import type { Finding } from './finding.ts'

/** A local disk answers at once, a network file system within seconds. */
const HANG_SECONDS = 3

/** Asked by a process of its own: a call for a dead mount does not return, and a process that waits in one cannot end. */
const hangs = async (folder: string): Promise<boolean> => {
  const child = spawn('stat', ['--', folder], {
    stdio: 'ignore',
    timeout: HANG_SECONDS * 1000,
    killSignal: 'SIGKILL',
  })
  child.once('error', () => {}) // no such program: then nothing is known
  await Promise.race([once(child, 'exit'), once(child, 'error')])
  return child.signalCode !== null
}

const assetsOf = (file: string): string | undefined => {
  try {
    const { value } = parseYaml(readTextFile(file))
    const assets: unknown =
      typeof value === 'object' && value !== null && 'assets' in value ? value.assets : undefined
    return typeof assets === 'string' ? resolve(dirname(resolve(file)), assets) : undefined
  } catch {
    return undefined // told when it is loaded
  }
}

/** Looks before the configuration is loaded, which would itself wait for the folder of the assets. */
export const deadMountFindings = async (file: string | undefined): Promise<Finding[]> => {
  const assets = file === undefined ? undefined : assetsOf(file)
  if (assets === undefined || !(await hangs(assets))) return []
  const seen = `the folder ${assets} does not answer: a network mount that is dead`
  const remedy =
    'mount it again; until then nothing there is served, and nothing else was looked at'
  return [{ code: 'assets-hang', seen, remedy }]
}
