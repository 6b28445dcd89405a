import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { messageOf } from '../model/errors.ts'

const run = promisify(execFile)

/** Folders below `data` where {@link unpackIpxe} leaves binaries. */
export const unpackedFolders = (data: string): string[] =>
  ['boot', 'usr/lib/ipxe'].map((folder) => join(data, 'ipxe', folder))

const isDebianLike = (): boolean =>
  existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb')

/**
 * Downloads Debian's `ipxe` package and unpacks it below `data`; the system stays as it is.
 * @returns why it could not, or undefined
 */
export const unpackIpxe = async (
  data: string,
  signal: AbortSignal,
): Promise<string | undefined> => {
  if (!isDebianLike()) return 'this host has no apt-get to fetch the ipxe package with'
  const target = join(data, 'ipxe')
  const scratch = `${target}.part`
  const options = { cwd: scratch, signal, timeout: 120_000 }
  try {
    rmSync(scratch, { recursive: true, force: true })
    mkdirSync(scratch, { recursive: true })
    // apt drops its rights to the user _apt, who may not write here: take them back for this one download.
    await run('apt-get', ['download', '-q', '-o', 'APT::Sandbox::User=root', 'ipxe'], options)
    const deb = readdirSync(scratch).find((file) => file.endsWith('.deb'))
    if (deb === undefined) return 'apt-get downloaded nothing'
    await run('dpkg-deb', ['-x', deb, 'root'], options)
    rmSync(target, { recursive: true, force: true })
    renameSync(join(scratch, 'root'), target)
    return undefined
  } catch (error) {
    return `the ipxe package could not be fetched: ${messageOf(error).split('\n')[0] ?? ''}`
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
