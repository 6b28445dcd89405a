import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { moduleReleases } from '../../../src/features/doctor/initramfs.ts'
import { temporaryFolder, writeFiles } from '../../support.ts'

/** By the host's own cpio, in its "newc". */
const cpio = (...names: readonly string[]): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-cpio-'))
  writeFiles(folder, Object.fromEntries(names.map((name) => [name, 'x'])))
  const options = { cwd: folder, input: `${names.join('\n')}\n` }
  const archive = execFileSync('cpio', ['--quiet', '-o', '-H', 'newc'], options)
  rmSync(folder, { recursive: true })
  return archive
}
const modulesOf = (release: string): Buffer => cpio(`usr/lib/modules/${release}/a.ko`)
const zeros = (count: number): Buffer => Buffer.alloc(count)
const MICROCODE = cpio('kernel/x86/microcode/AuthenticAMD.bin')

const found = async (...pieces: readonly Buffer[]): Promise<readonly string[] | undefined> => {
  const releases = await moduleReleases(Buffer.concat(pieces))
  return releases && [...releases]
}

describe('the releases of an initramfs', () => {
  it.each([
    ['plain', [modulesOf('6.1')]],
    ['compressed', [gzipSync(modulesOf('6.1'))]],
    ['after an early archive', [MICROCODE, gzipSync(modulesOf('6.1'))]],
    ['after zeros that fill a block up', [MICROCODE, zeros(512), gzipSync(modulesOf('6.1'))]],
    [
      'in an archive that was added after a compressed one',
      [gzipSync(MICROCODE), modulesOf('6.1')],
    ],
    ['with zeros between', [gzipSync(MICROCODE), zeros(3), gzipSync(modulesOf('6.1')), zeros(900)]],
  ])('are found %s', async (_, pieces) => {
    expect(await found(...pieces)).toEqual(['6.1'])
  })

  it('are those of all its archives', async () => {
    const archives = [gzipSync(modulesOf('6.1')), gzipSync(modulesOf('6.2')), modulesOf('6.3')]
    expect(await found(...archives)).toEqual(['6.1', '6.2', '6.3'])
  })

  it.each(['xz', 'bzip2'])('are found in what %s has packed', async (program) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'a'), modulesOf('6.1'))
    const packed = execFileSync(program, ['-c', 'a'], { cwd: folder })
    expect(await found(MICROCODE, packed)).toEqual(['6.1'])
  })

  it.each([
    ['cut short', [gzipSync(modulesOf('6.1')).subarray(0, 60)]],
    ['followed by what is no archive', [gzipSync(modulesOf('6.1')), Buffer.from('<html>')]],
    ['a packed file that is none', [gzipSync(Buffer.from('hello, this is no archive'))]],
    ['an archive in the archive', [gzipSync(Buffer.concat([MICROCODE, gzipSync(MICROCODE)]))]],
    ['of more archives than anybody makes', Array.from({ length: 9 }, () => gzipSync(MICROCODE))],
  ])('are unknown where it is %s', async (_, pieces) => {
    expect(await found(...pieces)).toBeUndefined()
  })

  it('are given up at once where 200 MB unpack to what is no archive', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 'x'), { level: 1 })
    const { user } = process.cpuUsage()
    const start = performance.now()
    expect(await found(bomb)).toBeUndefined()
    expect(Math.min(process.cpuUsage().user - user, performance.now() - start)).toBeLessThan(1000)
  })
})
