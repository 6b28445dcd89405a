import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  openFolderBeneath,
  openRegularFile,
  openRegularFileBeneath,
  spelledBeneath,
  type LinkPolicy,
} from '../src/index.ts'

let folder: string
let root: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'bootwire-regular-')))
  root = join(folder, 'root')
  mkdirSync(join(root, 'sub'), { recursive: true })
  mkdirSync(join(folder, 'rootling'))
  writeFileSync(join(root, 'file'), 'inside')
  writeFileSync(join(root, 'sub', 'Deep'), 'deep')
  writeFileSync(join(folder, 'secret'), 'outside')
  writeFileSync(join(folder, 'rootling', 'secret'), 'outside')
  symlinkSync('file', join(root, 'link-in'))
  symlinkSync('sub', join(root, 'folder-link'))
  symlinkSync('../secret', join(root, 'link-out'))
  symlinkSync('../rootling', join(root, 'sibling'))
  symlinkSync('loop', join(root, 'loop'))
  symlinkSync('/dev/null', join(root, 'device-link'))
  execFileSync('mkfifo', [join(root, 'pipe')])
  symlinkSync('pipe', join(root, 'pipe-link'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What an open gives: the text of the file, or the reason or code of the refusal. */
const textOf = async (
  opened: Promise<{
    handle: { readFile(encoding: 'utf8'): Promise<string>; close(): Promise<void> }
  }>,
) => {
  try {
    const { handle } = await opened
    const text = await handle.readFile('utf8')
    await handle.close()
    return text
  } catch (error) {
    if (error instanceof Error && 'reason' in error) return error.reason
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

const beneath = (name: string, links: LinkPolicy) =>
  textOf(openRegularFileBeneath(root, name.split('/'), links))

describe('openRegularFileBeneath', () => {
  it.each([
    ['file', 'inside', 'inside', 'inside'],
    ['sub/Deep', 'deep', 'deep', 'deep'],
    ['link-in', 'inside', 'inside', 'link'],
    ['folder-link/Deep', 'deep', 'deep', 'link'],
    ['link-out', 'outside', 'outside', 'link'],
    ['sibling/secret', 'outside', 'outside', 'link'],
    ['loop', 'ELOOP', 'ELOOP', 'ELOOP'],
    ['none', 'ENOENT', 'ENOENT', 'ENOENT'],
    ['file/none', 'ENOTDIR', 'ENOTDIR', 'ENOTDIR'],
    ['pipe', 'not-regular', 'not-regular', 'not-regular'],
    ['pipe-link', 'not-regular', 'not-regular', 'link'],
    ['device-link', 'not-regular', 'outside', 'link'],
    ['sub', 'not-regular', 'not-regular', 'not-regular'],
  ])('%s: follow %s, beneath %s, refuse %s', async (name, follow, inside, refuse) => {
    const seen = [
      await beneath(name, 'follow'),
      await beneath(name, 'beneath'),
      await beneath(name, 'refuse'),
    ]
    expect(seen).toEqual([follow, inside, refuse])
  })

  it.each([
    [['..', 'secret']],
    [['sub', '..', '..', 'secret']],
    [['.']],
    [['']],
    [['../secret']],
    [['sub/Deep']],
    [['file\0']],
  ])('takes %j for no name, whatever the policy', async (segments) => {
    for (const links of ['follow', 'beneath', 'refuse'] as const)
      expect(await textOf(openRegularFileBeneath(root, segments, links))).toBe('outside')
  })

  it('works where the root itself is reached over a link', async () => {
    symlinkSync(root, join(folder, 'alias'))
    const opened = openRegularFileBeneath(join(folder, 'alias'), ['file'], 'refuse')
    expect(await textOf(opened)).toBe('inside')
  })

  it('gives the size with the file', async () => {
    const { handle, stats } = await openRegularFileBeneath(root, ['file'], 'beneath')
    await handle.close()
    expect(stats.size).toBe(6n)
  })
})

const plain = (name: string) => textOf(openRegularFile(join(root, name)))

describe('openRegularFile', () => {
  it('refuses what would block or is no file, and follows links', async () => {
    expect(
      await Promise.all(['file', 'link-out', 'pipe', 'sub', 'device-link', 'none'].map(plain)),
    ).toEqual(['inside', 'outside', 'not-regular', 'not-regular', 'not-regular', 'ENOENT'])
  })

  it('refuses a socket', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(root, 'socket'), resolve))
    try {
      expect(await textOf(openRegularFile(join(root, 'socket')))).toBe('not-regular')
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('leaves the file system usable after many FIFOs: no thread is held', async () => {
    const pipes = Array.from({ length: 16 }, () => textOf(openRegularFile(join(root, 'pipe'))))
    expect(new Set(await Promise.all(pipes))).toEqual(new Set(['not-regular']))
    expect(await readFile(join(root, 'file'), 'utf8')).toBe('inside')
  })
})

describe('openFolderBeneath', () => {
  it('opens folders below the root alone', async () => {
    const { handle, path } = await openFolderBeneath(root, ['folder-link'])
    expect(await readFile(`${path}/Deep`, 'utf8')).toBe('deep')
    await handle.close()
    await expect(openFolderBeneath(root, ['sibling'])).rejects.toMatchObject({ reason: 'outside' })
    await expect(openFolderBeneath(root, ['..'])).rejects.toMatchObject({ reason: 'outside' })
    await expect(openFolderBeneath(root, ['file'])).rejects.toMatchObject({ code: 'ENOTDIR' })
    await expect(openFolderBeneath(root, ['pipe'])).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})

describe('spelledBeneath', () => {
  it('finds the spelling on disk, the exact one first', async () => {
    expect(await spelledBeneath(root, ['SUB', 'dEEP'])).toEqual(['sub', 'Deep'])
    writeFileSync(join(root, 'sub', 'deep'), '')
    expect(await spelledBeneath(root, ['sub', 'deep'])).toEqual(['sub', 'deep'])
    expect(await spelledBeneath(root, ['sub', 'DEEP'])).toEqual(['sub', 'Deep'])
    expect(await spelledBeneath(root, ['nothing'])).toEqual(['nothing'])
    await expect(spelledBeneath(root, ['sibling', 'secret'])).rejects.toMatchObject({
      reason: 'outside',
    })
  })
})
