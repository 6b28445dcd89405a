import { execFileSync } from 'node:child_process'
import { link, mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { Opcode, type Packet } from '../src/codec/index.ts'
import { answerTo } from './raw-client.ts'
import { folderWith, serve } from './support.ts'

const errorOf = (packet: Packet) =>
  packet.opcode === Opcode.ERROR ? `${packet.code} ${packet.message}` : `opcode ${packet.opcode}`

const treeWith = async () => {
  const parent = await folderWith({ secret: Buffer.from('secret') })
  const root = join(parent, 'root')
  await mkdir(join(root, 'folder'), { recursive: true })
  await writeFile(join(root, 'file'), 'inside')
  await writeFile(join(root, 'folder', 'deep'), 'deeper')
  await symlink(join(parent, 'secret'), join(root, 'link-out'))
  await symlink(parent, join(root, 'folder-out'))
  await symlink('folder/deep', join(root, 'link-in'))
  await symlink('/proc/self/mem', join(root, 'mem'))
  await symlink('loop', join(root, 'loop'))
  await link(join(root, 'file'), join(root, 'hard-link'))
  execFileSync('/usr/bin/mkfifo', [join(root, 'fifo')])
  return root
}

/** Makes a name lead in and out of the root in turns. */
const swapLinks = async (root: string, signal: AbortSignal): Promise<void> => {
  for (let i = 0; !signal.aborted; i++) {
    await symlink(i % 2 === 0 ? '../secret' : 'file', join(root, 'new'))
    await rename(join(root, 'new'), join(root, 'swapped'))
  }
}

describe('names', () => {
  it.each([
    ['../secret', '2 access violation'],
    ['/../secret', '2 access violation'],
    ['folder/../../secret', '2 access violation'],
    ['folder/../file', '2 access violation'],
    ['..\\secret', '2 access violation'],
    ['....//secret', '1 file not found'],
    ['%2e%2e/secret', '1 file not found'],
    ['/etc/passwd', '1 file not found'],
    ['C:\\secret', '1 file not found'],
    ['\\\\host\\share', '1 file not found'],
    ['link-out', '2 access violation'],
    ['folder-out/secret', '2 access violation'],
    ['mem', '2 access violation'],
    ['loop', '2 access violation'],
    ['fifo', '2 access violation'],
    ['folder', '2 access violation'],
    ['/', '1 file not found'],
    ['', '1 file not found'],
    ['.', '1 file not found'],
    ['file/x', '1 file not found'],
    ['con', '1 file not found'],
    ['file:stream', '1 file not found'],
    ['__proto__', '1 file not found'],
    ['constructor', '1 file not found'],
    ['%s%n\u0007', '1 file not found'],
    ['n'.repeat(400), '1 file not found'],
    [Buffer.from([0xff, 0xfe, 0x80]), '1 file not found'],
  ] as const)('%j is refused with %s', async (name, answer) => {
    const { port } = await serve({ root: await treeWith() })
    expect(errorOf(await answerTo(port, name))).toBe(answer)
  })

  it.each([
    'file',
    '/file',
    '//./file',
    '\\file',
    'folder\\deep',
    'folder//deep',
    'link-in',
    'hard-link',
  ])('%j is served: it lies inside', async (name) => {
    const { port } = await serve({ root: await treeWith() })
    expect((await answerTo(port, name)).opcode).toBe(Opcode.DATA)
  })

  it('a device or stream of Windows is refused there', async () => {
    const { segmentsOf } = await import('../src/server/names.ts')
    for (const name of ['con', 'AUX.txt', 'com1', 'file:stream', 'C:\\x', 'file.', 'file ']) {
      expect(segmentsOf(name, true)).toHaveProperty('refused')
    }
    expect(segmentsOf('Boot\\BCD', true)).toEqual(['Boot', 'BCD'])
  })

  it('a link that is swapped all the time never leads out', async () => {
    const root = await treeWith()
    const { port } = await serve({ root })
    const stop = new AbortController()
    const swap = swapLinks(root, stop.signal)
    const seen = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const packet = await answerTo(port, 'swapped')
      seen.add(packet.opcode === Opcode.DATA ? String(packet.data) : 'refused')
    }
    stop.abort()
    await swap
    expect(seen).not.toContain('secret')
    expect(seen.size).toBeGreaterThan(0)
  })
})
