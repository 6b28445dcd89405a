import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

import type { ByteSource, IsoImage } from '../src/index.ts'

/** What a tool or this reader found at a path: a folder, the target of a link, or size and hash of a file. */
export type Contents = ReadonlyMap<string, string>

export const fileSign = (bytes: Uint8Array): string =>
  `${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`

/** Text that no other file has. */
const bytesFor = (name: string, length: number): Buffer => {
  const seed = createHash('sha256').update(name).digest()
  return Buffer.alloc(length, seed)
}

const DEEP = 'd1/d2/d3/d4/d5/d6/d7/d8/d9/d10/d11'

/** Files by path, with their sizes: about sectors, long names, other scripts, dots. */
const FILES: Readonly<Record<string, number>> = {
  'README.txt': 1234,
  empty: 0,
  'sector-less': 2047,
  'sector-whole': 2048,
  'sector-more': 2049,
  '.disk/info': 60,
  '.treeinfo': 100,
  'install.amd/vmlinuz': 30_000,
  'install.amd/initrd.gz': 50_001,
  'two words/and; more, here': 11,
  'Ünïcödé/日本語-ファイル.txt': 17,
  [`long/${'x'.repeat(200)}.deb`]: 3,
  [`${DEEP}/bottom`]: 99,
  'case/Name': 1,
  'case/other': 2,
  'boot/bios.img': 2048,
  'boot/efi.img': 4096,
}

const LINKS: Readonly<Record<string, string>> = {
  debian: '.',
  'to-file': 'install.amd/vmlinuz',
  'to-root': '/case/Name',
  'd1/up': '../install.amd',
  'd1/out': '../../../../../case/other',
  'loop-a': 'loop-b',
  'loop-b': 'loop-a',
  self: 'self/x',
  nowhere: 'not/there',
  'long-link': `./${'y'.repeat(120)}/../${'z'.repeat(120)}/${'w'.repeat(100)}`,
}

/** Names in a folder that takes more than one sector. */
const MANY = 150

/** A folder with everything that this reader must find. `isPlain`: what DOS could have held. */
export const writeTree = (root: string, isPlain = false): void => {
  const write = (path: string, size: number): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), bytesFor(path, size))
  }
  for (let i = 0; i < MANY; i++) write(`many/file-${i}`, 5)
  if (isPlain) {
    for (const path of ['README.TXT', 'SOURCES/BOOT.WIM', 'BOOT/BCD']) write(path, 3000)
    return
  }
  for (const [path, size] of Object.entries(FILES)) write(path, size)
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(root, path))
  linkSync(join(root, 'README.txt'), join(root, 'hard-link'))
  execFileSync('mkfifo', [join(root, 'fifo')])
}

/** A command of words without spaces; `_` stands for one. */
const command = (...lines: readonly string[]): readonly string[] =>
  lines
    .join(' ')
    .split(' ')
    .map((word) => word.replaceAll('_', ' '))

/** How images are made of a tree, by name. */
export const MAKERS: Readonly<Record<string, readonly string[]>> = {
  'xorriso-rock-ridge-joliet': command(
    'xorriso -as mkisofs -quiet -iso-level 3 -R -J -joliet-long',
    '-V Debian_13.1.0_amd64_n -A an_application -publisher a_publisher',
    '-b boot/bios.img -no-emul-boot -boot-load-size 4',
    '-eltorito-alt-boot -e boot/efi.img -no-emul-boot',
  ),
  // xorriso refuses to read the long link as genisoimage writes it.
  'genisoimage-relocated': command('genisoimage -quiet -R -V DEEP -m long-link'),
  'genisoimage-joliet': command('genisoimage -quiet -D -J -joliet-long -V JOLIET'),
  'genisoimage-plain': command('genisoimage -quiet -iso-level 1 -V PLAIN'),
  'genisoimage-udf': command('genisoimage -quiet -udf -V WINDOWS'),
}

/** Images whose tools know only what DOS could have held. */
export const isPlainImage = (name: string): boolean => /plain|udf/.test(name)

export const makeImage = (name: string, tree: string, image: string): void => {
  const [program = '', ...args] = MAKERS[name] ?? []
  execFileSync(program, [...args, '-o', image, tree], { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** What lies in a folder of this host. */
export const contentsOfFolder = (root: string, below = ''): Map<string, string> => {
  const found = new Map<string, string>()
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    const real = join(root, path)
    if (entry.isSymbolicLink()) found.set(path, `-> ${readlinkSync(real)}`)
    else if (entry.isDirectory()) {
      found.set(path, 'folder')
      for (const [each, sign] of contentsOfFolder(root, path)) found.set(each, sign)
    } else if (entry.isFile()) found.set(path, fileSign(readFileSync(real)))
    else found.set(path, 'other')
  }
  return found
}

/** What xorriso unpacks, reading the names that `reads` says. */
export const unpackedByXorriso = (
  image: string,
  into: string,
  reads: 'any' | 'norock',
): Contents => {
  execFileSync(
    'xorriso',
    ['-osirrox', 'on', '-read_fs', reads, '-indev', image, '-extract', '/', into],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  execFileSync('chmod', ['-R', 'u+rwX', into])
  return contentsOfFolder(into)
}

/** What this reader finds, in the same words. */
export const contentsOfImage = async (image: IsoImage): Promise<Contents> => {
  const found = new Map<string, string>()
  for await (const entry of image.walk()) {
    if (entry.kind === 'file')
      found.set(entry.path, fileSign(await image.read(entry.file, 0, entry.file.sizeBytes)))
    else found.set(entry.path, entry.kind === 'link' ? `-> ${entry.target}` : entry.kind)
  }
  return found
}

/** An image in memory. `sizeBytes` says that there is more than there is. */
export const sourceOf = (bytes: Uint8Array, sizeBytes: number = bytes.length): ByteSource => ({
  sizeBytes,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
})
