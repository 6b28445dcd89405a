import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

import { messageOf } from '../../model/errors.ts'
import { lockFolder } from '../../state/journal/folder-lock.ts'
import type { Finding, Looked } from './finding.ts'
import type { Site } from './site.ts'

const MIB = 1024 * 1024
/** A journal of 100,000 machines is written anew beside the old one. */
const FULL_BYTES = 16 * MIB
const NEARLY_FULL_BYTES = 256 * MIB

/** What the free space below a folder means. */
export const spaceFindings = (folder: string, freeBytes: number): Finding[] => {
  if (freeBytes >= NEARLY_FULL_BYTES) return []
  const seen = `the file system of ${folder} has ${Math.floor(freeBytes / MIB)} MiB left`
  const isFull = freeBytes < FULL_BYTES
  const why = isFull ? ': nothing can be remembered, so nothing is installed' : ''
  return [
    {
      code: isFull ? 'disk-full' : 'disk-nearly-full',
      seen: seen + why,
      remedy: 'make room there, or give the daemon another folder with --data-dir',
    },
  ]
}

/** Who holds the lock though no daemon answers: one that hangs, or one that another configuration started. */
const lockFindings = async (folder: string): Promise<Finding[]> => {
  if (!existsSync(join(folder, 'lock'))) return []
  const before = readFileSync(join(folder, 'lock'))
  try {
    await (await lockFolder(folder)).release()
    return []
  } catch (error) {
    const seen = messageOf(error).replace(/; .*/s, '')
    const isHeld = before.length > 0 && seen.includes('in use')
    return isHeld
      ? [{ code: 'data-locked', seen, remedy: 'stop that process; only one may use the folder' }]
      : []
  }
}

/** The data folder: whether what must outlive a restart can be written there. */
export const lookAtData = async ({ plan, status }: Site): Promise<Looked> => {
  const { data, state } = plan.server
  if (!existsSync(data)) return { findings: [] } // made at the first start
  try {
    accessSync(data, constants.W_OK)
  } catch (error) {
    const seen = `the data folder ${data} cannot be written: ${messageOf(error)}`
    const remedy = 'give it to the user that serves, or another folder with --data-dir'
    return { findings: [{ code: 'data-folder', seen, remedy }] }
  }
  const { bavail, bsize } = statfsSync(data)
  const isEmbedded = state?.etcd === undefined
  return {
    findings: [
      ...spaceFindings(data, bavail * bsize),
      ...(status === undefined && isEmbedded ? await lockFindings(data) : []),
    ],
  }
}
