import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createClient } from 'tftp'
import { expect, onTestFinished, it, vi } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { createTftpServer, directory, get, put } from '../src/index.ts'
import { faultProxy } from './fault-proxy.ts'
import { PEERS, runClient, startPeer } from './peers.ts'
import { Random } from './random.ts'
import { folderWith, patternOf } from './support.ts'

const SIZES = [1, 512, 1468, 1469, 300_000]

const scratch = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bootwire-interop-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const ourServer = async () => {
  const root = await folderWith(
    Object.fromEntries(SIZES.map((size) => [`f${size}`, patternOf(size)])),
  )
  const server = createTftpServer(directory({ root, write: { create: true, overwrite: true } }))
  onTestFinished(() => server.close({ deadlineMs: 0 }))
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' })
  return { root, port: String(port) }
}

/** Command lines that read FILE from a server and write FILE to it. */
type Client = Readonly<
  Record<'read' | 'write', (port: string, file: string) => readonly [string, ...string[]]>
>

const atftp = (...options: readonly string[]): Client => {
  const asked = options.flatMap((option) => ['--option', option])
  return {
    read: (port, file) => ['atftp', ...asked, '-g', '-r', file, '-l', file, '127.0.0.1', port],
    write: (port, file) => ['atftp', ...asked, '-p', '-r', file, '-l', file, '127.0.0.1', port],
  }
}

const CLIENTS: Readonly<Record<string, Client>> = {
  'tftp-hpa': {
    read: (port, file) => ['tftp', '-m', 'octet', '127.0.0.1', port, '-c', 'get', file],
    write: (port, file) => ['tftp', '-m', 'octet', '127.0.0.1', port, '-c', 'put', file],
  },
  curl: {
    read: (port, file) => ['curl', '-s', '-o', file, `tftp://127.0.0.1:${port}/${file}`],
    write: (port, file) => ['curl', '-s', '-T', file, `tftp://127.0.0.1:${port}/${file}`],
  },
  'curl with blksize 1468': {
    read: (port, file) => [
      'curl',
      '-s',
      '--tftp-blksize',
      '1468',
      '-o',
      file,
      `tftp://127.0.0.1:${port}/${file}`,
    ],
    write: (port, file) => [
      'curl',
      '-s',
      '--tftp-blksize',
      '1468',
      '-T',
      file,
      `tftp://127.0.0.1:${port}/${file}`,
    ],
  },
  busybox: {
    read: (port, file) => [
      'busybox',
      'tftp',
      '-g',
      '-b',
      '1468',
      '-r',
      file,
      '-l',
      file,
      '127.0.0.1',
      port,
    ],
    write: (port, file) => [
      'busybox',
      'tftp',
      '-p',
      '-b',
      '1468',
      '-r',
      file,
      '-l',
      file,
      '127.0.0.1',
      port,
    ],
  },
  atftp: atftp(),
  'atftp in windows of 4': atftp('blksize 1468', 'windowsize 4', 'tsize 0'),
  'atftp in windows of 64': atftp('blksize 1468', 'windowsize 64', 'timeout 2'),
}

/** One call of the npm package as a promise. */
const call = (begin: (callback: (error?: Error | null) => void) => void) =>
  new Promise<void>((resolve, reject) => begin((error) => (error ? reject(error) : resolve())))

describeSystem('our server', () => {
  it.each(Object.entries(CLIENTS))('serves %s, both ways', async (_name, client) => {
    const { root, port } = await ourServer()
    const folder = await scratch()
    for (const size of SIZES) {
      const [command, ...args] = client.read(port, `f${size}`)
      await runClient(command, args, folder)
      expect((await readFile(join(folder, `f${size}`))).equals(patternOf(size))).toBe(true)
    }
    for (const size of SIZES) {
      await writeFile(join(folder, `up${size}`), patternOf(size))
      const [command, ...args] = client.write(port, `up${size}`)
      await runClient(command, args, folder)
      expect((await readFile(join(root, `up${size}`))).equals(patternOf(size))).toBe(true)
    }
  })

  it('serves the npm package tftp, both ways', async () => {
    const { root, port } = await ourServer()
    const folder = await scratch()
    // Its default asks for a timeout of 3000 seconds; 255 is legal.
    const client = createClient({
      host: '127.0.0.1',
      port: Number(port),
      timeout: 255,
      retries: 20,
      windowSize: 4,
    })
    for (const size of SIZES) {
      const local = join(folder, `f${size}`)
      await call((callback) => client.get(`f${size}`, local, callback))
      expect((await readFile(local)).equals(patternOf(size))).toBe(true)
      await call((callback) => client.put(local, `up${size}`, callback))
      expect((await readFile(join(root, `up${size}`))).equals(patternOf(size))).toBe(true)
    }
  })

  it('translates netascii for tftp-hpa', async () => {
    const { root, port } = await ourServer()
    const folder = await scratch()
    const text = 'one\ntwo\r\nthree\rfour\n'.repeat(100)
    await writeFile(join(root, 'text'), text)
    await runClient('tftp', ['-m', 'netascii', '127.0.0.1', port, '-c', 'get', 'text'], folder)
    expect(await readFile(join(folder, 'text'), 'utf8')).toBe(text)
    await runClient(
      'tftp',
      ['-m', 'netascii', '127.0.0.1', port, '-c', 'put', 'text', 'up'],
      folder,
    )
    expect(await readFile(join(root, 'up'), 'utf8')).toBe(text)
  })

  it.each(['busybox', 'atftp', 'atftp in windows of 4'])(
    'serves %s through a network that loses datagrams',
    async (name) => {
      const { port } = await ourServer()
      const folder = await scratch()
      const faults = { loss: 0.03, duplication: 0.03 }
      const proxy = await faultProxy(
        { host: '127.0.0.1', port: Number(port) },
        faults,
        new Random(11),
      )
      const [command, ...args] = CLIENTS[name]!.read(String(proxy.port), 'f300000')
      // atftp acknowledges a repeated block once; where that ACK is lost too, it speaks again only after a silence of 5 s,
      // which comes between the server's third and fourth resend, 12 s later.
      await runClient(command, args, folder, 60_000)
      expect((await readFile(join(folder, 'f300000'))).equals(patternOf(300_000))).toBe(true)
      expect(proxy.mishaps()).toBeGreaterThan(0)
    },
  )
})

describeSystem('our client', () => {
  it.each(PEERS)('reads from %s', async (name) => {
    const root = await folderWith(
      Object.fromEntries(SIZES.map((size) => [`f${size}`, patternOf(size)])),
    )
    const { host, port } = await startPeer(name, root)
    for (const size of SIZES) {
      const download = await get({ host, port, filename: `f${size}` })
      expect((await download.bytes()).equals(patternOf(size))).toBe(true)
    }
    await expect(get({ host, port, filename: 'nothing' })).rejects.toMatchObject({
      code: 'ERR_TFTP_REFUSED',
    })
  })

  it.each(['tftpd-hpa', 'atftpd', 'npm tftp'] as const)('writes to %s', async (name) => {
    const root = await folderWith({})
    const { host, port } = await startPeer(name, root)
    for (const size of SIZES) {
      await put({ host, port, filename: `up${size}` }, patternOf(size))
      // The npm package acknowledges before it has written.
      await vi.waitFor(async () => {
        expect((await readFile(join(root, `up${size}`))).equals(patternOf(size))).toBe(true)
      })
    }
  })

  it.each(['tftpd-hpa', 'atftpd'] as const)(
    'reads from %s through a network that loses datagrams',
    async (name) => {
      const root = await folderWith({ file: patternOf(100_000) })
      const peer = await startPeer(name, root)
      const proxy = await faultProxy(peer, { loss: 0.01, duplication: 0.02 }, new Random(5))
      const download = await get(
        { host: '127.0.0.1', port: proxy.port, filename: 'file' },
        { retries: 10 },
      )
      expect((await download.bytes()).equals(patternOf(100_000))).toBe(true)
      expect(proxy.mishaps()).toBeGreaterThan(0)
    },
  )
})
