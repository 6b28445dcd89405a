import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

import { expect, it, onTestFinished } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'
import { folderWith, patternOf } from './support.ts'

/** By its own path: the tests run elsewhere. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const TS = ['--conditions=@bootwire/source', '--import', TSX, '--input-type=module', '-e']
const SOURCE = JSON.stringify(new URL('../src/index.ts', import.meta.url))
const BYTES = patternOf(100_000)

const SERVE = (root: string, settings: object) => `
  import { createTftpServer } from ${SOURCE}
  const server = createTftpServer({ root: ${JSON.stringify(root)}, write: { create: true }, ...${JSON.stringify(settings)} })
  console.log((await server.listen({ host: '10.1.0.1', port: 0 })).port)
`

const name = (part: string) => `btftp${process.pid}-${part}`
const ip = (words: string) => execFileSync('ip', words.split(' '))

const inside = (part: string, words: string) => ip(`-n ${name(part)} ${words}`)

const connect = (one: string, oneIp: string, other: string, otherIp: string, mtu: number) => {
  ip(
    `link add ${one}${other} netns ${name(one)} type veth peer name ${other}${one} netns ${name(other)}`,
  )
  inside(one, `address add ${oneIp}/24 dev ${one}${other}`)
  inside(other, `address add ${otherIp}/24 dev ${other}${one}`)
  inside(one, `link set ${one}${other} mtu ${mtu} up`)
  inside(other, `link set ${other}${one} mtu ${mtu} up`)
}

/**
 * Server – router = router – client, as namespaces; `middle` is what the link between the routers carries, as a
 * tunnel or PPPoE would, and `near` what the server's own link does.
 */
const networkWith = ({ middle, near }: { readonly middle: number; readonly near: number }) => {
  const parts = ['s', 'a', 'b', 'c']
  const close = () => {
    for (const part of parts) ip(`netns delete ${name(part)}`)
  }
  for (const part of parts) {
    ip(`netns add ${name(part)}`)
    inside(part, 'link set lo up')
  }
  onTestFinished(close)
  connect('s', '10.1.0.1', 'a', '10.1.0.2', near)
  connect('a', '10.2.0.1', 'b', '10.2.0.2', middle)
  connect('b', '10.3.0.2', 'c', '10.3.0.1', near)
  inside('s', 'route add default via 10.1.0.2')
  inside('c', 'route add default via 10.3.0.2')
  inside('a', 'route add 10.3.0.0/24 via 10.2.0.2')
  inside('b', 'route add 10.1.0.0/24 via 10.2.0.1')
  for (const part of ['a', 'b']) ip(`netns exec ${name(part)} sysctl -qw net.ipv4.ip_forward=1`)
  return { enter: (part: string) => ['netns', 'exec', name(part)] }
}

type Net = ReturnType<typeof networkWith>

const start = async (net: Net, settings: object = {}) => {
  const root = await folderWith({ file: BYTES })
  await chmod(root, 0o777)
  const child = spawn('ip', [...net.enter('s'), process.execPath, ...TS, SERVE(root, settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    const gone = once(child, 'exit')
    if (child.kill('SIGKILL')) await gone
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  return { root, port: String(line) }
}

const run = (net: Net, command: string, args: readonly string[], cwd: string): void => {
  execFileSync('ip', [...net.enter('c'), command, ...args], { cwd, timeout: 20_000 })
}

const CLIENTS: Readonly<Record<string, (port: string) => readonly [string, ...string[]]>> = {
  curl: (port) => [
    'curl',
    '-sS',
    '-m',
    '10',
    '--tftp-blksize',
    '1468',
    '-o',
    'file',
    `tftp://10.1.0.1:${port}/file`,
  ],
  atftp: (port) => [
    'atftp',
    '--option',
    'blksize 1468',
    '-g',
    '-r',
    'file',
    '-l',
    'file',
    '10.1.0.1',
    port,
  ],
  busybox: (port) => [
    'busybox',
    'tftp',
    '-g',
    '-b',
    '1468',
    '-r',
    'file',
    '-l',
    'file',
    '10.1.0.1',
    port,
  ],
  'our get': (port) => [
    process.execPath,
    ...TS,
    `import { get } from ${SOURCE}; import { writeFile } from 'node:fs/promises'
     await writeFile('file', await (await get('tftp://10.1.0.1:${port}/file')).bytes())`,
  ],
}

const MAX_MS = 6000

describeSystem('a path with a smaller MTU than its ends', () => {
  it.each(
    Object.keys(CLIENTS).flatMap((client) =>
      ([{}, { transferPorts: 'single' }] as const).map((settings) => ({ client, settings })),
    ),
  )('serves $client at the first try, with $settings', async ({ client, settings }) => {
    const net = networkWith({ middle: 1420, near: 1500 })
    const { port } = await start(net, settings)
    const folder = await folderWith({})
    const [command, ...args] = CLIENTS[client]!(port)
    const startedAt = performance.now()
    run(net, command, args, folder)
    expect((await readFile(join(folder, 'file'))).equals(BYTES)).toBe(true)
    expect(performance.now() - startedAt).toBeLessThan(MAX_MS)
  })

  it('is no hindrance to an upload of ours, either', async () => {
    const net = networkWith({ middle: 1420, near: 1500 })
    const { root, port } = await start(net)
    const source = `import { put } from ${SOURCE}; await put('tftp://10.1.0.1:${port}/up', { file: 'file' })`
    run(net, process.execPath, [...TS, source], root)
    expect((await readFile(join(root, 'up'))).equals(BYTES)).toBe(true)
  })
})

describeSystem('the MTU of the interface that was asked', () => {
  it.each([
    [1420, 1388],
    [1500, 1468],
    [9000, 8968],
  ])('of %i bytes makes blocks of %i', async (near, blockSize) => {
    const net = networkWith({ middle: 9000, near })
    const { port } = await start(net)
    const folder = await folderWith({})
    const source = `import { get } from ${SOURCE}; import { writeFile } from 'node:fs/promises'
      const download = await get('tftp://10.1.0.1:${port}/file', { blockSize: 60000 })
      await download.bytes(); await writeFile('size', String(download.blockSize))`
    run(net, process.execPath, [...TS, source], folder)
    expect(await readFile(join(folder, 'size'), 'utf8')).toBe(String(blockSize))
  })
})
