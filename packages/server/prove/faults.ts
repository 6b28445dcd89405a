import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../../../scripts/measure.ts'
import { failures } from './rig.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = fileURLToPath(new URL('faults/', import.meta.url))
const COPIED = ['packages/server/src', 'packages/server/prove', 'packages/server/test', 'scripts']
const LINKED = ['node_modules', 'packages/server/node_modules']
const SINGLE = ['package.json', 'tsconfig.base.json', 'packages/server/package.json']
const FOUND = 3

/** A copy of the sources; what they need is linked. */
const copySources = (scratch: string): void => {
  mkdirSync(join(scratch, 'packages/server'), { recursive: true })
  for (const path of [...COPIED, ...SINGLE])
    cpSync(join(root, path), join(scratch, path), { recursive: true })
  for (const path of LINKED) symlinkSync(join(root, path), join(scratch, path))
}

/** What became of one planted fault: undefined where it was found, else why not. */
const notFound = (patch: string, say: (line: string) => void): string | undefined => {
  const scratch = mkdtempSync(join(tmpdir(), 'bootwire-fault-'))
  try {
    copySources(scratch)
    const applied = spawnSync('git', ['apply', join(folder, patch)], {
      cwd: scratch,
      encoding: 'utf8',
    })
    if (applied.status !== 0) return `does not apply any more: ${applied.stderr.trim()}`
    const args = [
      '--import',
      'tsx',
      '--conditions=@bootwire/source',
      'packages/server/prove/find-fault.ts',
    ]
    const run = spawnSync(process.execPath, args, {
      cwd: scratch,
      encoding: 'utf8',
      timeout: 300_000,
    })
    if (run.status === FOUND) {
      say(`${patch}: found by ${run.stdout.trim()}`)
      return undefined
    }
    return run.status === 0
      ? 'not found'
      : `ends with ${run.status}: ${run.stderr.trim().slice(-300)}`
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Every planted fault must be found; one whose patch does not apply any more counts as not found. */
export const faults = async (say: (line: string) => void): Promise<Measurement[]> => {
  let missed = 0
  for (const patch of readdirSync(folder).filter((name) => name.endsWith('.patch'))) {
    const why = notFound(patch, say)
    if (why === undefined) continue
    missed++
    say(`${patch}: ${why}`)
  }
  return [failures('planted faults that are not found', missed)]
}
