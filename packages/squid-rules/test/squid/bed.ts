import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { generate, type Options } from '../../src/index.ts'
import { RELEASE } from './release.ts'

/** What a client got. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
  /** The first 300 bytes. */
  readonly text: string
  readonly ms: number
}

/** A request that an origin saw. */
export interface Seen {
  readonly ip: string
  readonly method: string
  readonly host: string
  readonly path: string
  readonly range?: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly proxy?: string
  readonly timeoutMs?: number
  /** The client's own address. */
  readonly localAddress?: string
}

/** Squid 5 says it in `X-Cache`, Squid 6 and 7 in RFC 9211's field. */
export const isHit = ({ headers }: Answer): boolean =>
  (headers['x-cache'] ?? '').startsWith('HIT') || /;hit\b/.test(headers['cache-status'] ?? '')

const here = fileURLToPath(new URL('.', import.meta.url))
const checkout = fileURLToPath(new URL('../../../../', import.meta.url))
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url)).slice(checkout.length)
const tsx = fileURLToPath(import.meta.resolve('tsx')).slice(checkout.length)

/**
 * Squid's user may not be able to read the checkout: homes are their owner's. Squid sees it at a place where all may
 * look, in the mount namespace that `ip netns exec` makes.
 */
const WITH_CHECKOUT = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'

const ip = (...args: string[]): string =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** The processes whose command line satisfies the test, from /proc: not every host has `ps`. */
const pidsOf = (matches: (commandLine: string) => boolean): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return matches(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
      } catch {
        return false // it has just ended
      }
    })
    .map(Number)

/** One Squid of the bed. */
export interface Squid {
  readonly address: string
  readonly folder: string
  /** What `squid -k parse` said, less the lines that tell of its start. */
  readonly parsed: readonly string[]
  readonly helperPids: () => number[]
  readonly cacheLog: () => string
  readonly accessLog: () => string
  /** The manager's page, as `doctor` reads it. */
  readonly manager: (page: string) => Promise<Answer>
}

/** A network namespace with origins on addresses of 10.79.0.0/24, clients, and Squids as they are asked for. */
export interface Bed {
  /** `change` may rewrite the generated squid.conf. */
  readonly startSquid: (
    number: number,
    options: Options,
    change?: (conf: string) => string,
    /** The words before Squid's arguments. */
    command?: readonly string[],
  ) => Promise<Squid>
  /** Runs a program in the namespace and returns what it prints. */
  readonly exec: (...command: string[]) => string
  readonly get: (url: string, ask?: Ask) => Promise<Answer>
  readonly getAll: (urls: readonly string[], ask?: Ask) => Promise<Answer[]>
  /** Lets origins, by address, serve the files of a folder and nothing else. */
  readonly serve: (folders: Readonly<Record<string, string>>) => Promise<void>
  /** Runs a program in the namespace: its exit code and all that it says. */
  readonly run: (...command: string[]) => { readonly code: number | null; readonly text: string }
  /** Starts a program in the namespace that runs until the bed closes. */
  readonly spawn: (...command: string[]) => void
  /** The command line, in the namespace: its exit code and all that it says. */
  readonly cli: (...args: string[]) => { readonly code: number | null; readonly text: string }
  /** Asks for one URL so many times, over four connections that stay open. */
  readonly hammer: (url: string, count: number, proxy: string) => Promise<void>
  /** Asks for a tunnel; the proxy's status. */
  readonly connect: (authority: string, ask?: Ask) => Promise<number>
  /** What the origins saw since it was last asked. */
  readonly seen: () => Promise<Seen[]>
  /** Makes every origin's bytes change. */
  readonly generation: (value: number) => Promise<void>
  /** `SIGTERM` lets Squids end by themselves, for what they write when they do. */
  readonly close: (signal?: 'SIGTERM') => Promise<void>
}

/** The origins: names of real mirrors, each on an address of its own. */
export const ORIGINS: Readonly<Record<string, string>> = {
  '10.79.0.2': 'mirrors.kernel.org ftp.halifax.rwth-aachen.de',
  '10.79.0.3': 'mirrors.tuna.tsinghua.edu.cn dl.rockylinux.org',
  '10.79.0.4': 'mirrors.ustc.edu.cn evil.example debian.pkg.squid.internal',
}

/** The address of the Squid with this number. */
export const squidAddress = (number: number): string => `10.79.0.${10 + number}`

/** Squid's own noise when it starts, and what the docs list as expected. */
const EXPECTED = [/Startup: /, /Processing/, /Initializing https/, /violates HTTP$/]

const executable = (file: string, text: string): string => {
  writeFileSync(file, text)
  chmodSync(file, 0o755)
  return file
}

const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited 60 s for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const removeNamespace = (name: string): void => {
  for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // it has ended by itself
    }
  }
  ip('netns', 'del', name)
}

/** Removes what a bed left whose process was killed. */
const sweepStaleBeds = (): void => {
  for (const line of ip('netns', 'list').split('\n')) {
    const [name = ''] = line.split(' ')
    const pid = /^bwsquid-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeNamespace(name)
  }
}

/** @param more lines of the hosts file: names beside those of the origins */
export const openBed = async (more: readonly string[] = []): Promise<Bed> => {
  sweepStaleBeds()
  const name = `bwsquid-${process.pid}`
  const root = mkdtempSync(join(tmpdir(), 'bootwire-squid-bed-'))
  chmodSync(root, 0o755)
  ip('netns', 'add', name)
  const squids: { child: ChildProcess; folder: string }[] = []
  const ns = ['netns', 'exec', name]
  ip('-n', name, 'link', 'set', 'lo', 'up')
  const addresses = [...Object.keys(ORIGINS), '10.79.0.9', ...[0, 1, 2].map(squidAddress)]
  for (const address of addresses) ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'lo')
  const names = Object.entries(ORIGINS).map(([address, hosts]) => `${address} ${hosts}`)
  const sites = [0, 1, 2].map((i) => `${squidAddress(i)} cache${i}.lan debian.cache${i}.lan`)
  writeFileSync(
    join(root, 'hosts'),
    ['127.0.0.1 localhost', ...names, ...sites, ...more, ''].join('\n'),
  )

  const agent = spawn('ip', [...ns, process.execPath, join(here, 'agent.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map<number, (line: string) => void>()
  createInterface({ input: agent.stdout }).on('line', (line) => {
    const { id }: { id: number } = JSON.parse(line)
    waiting.get(id)?.(line)
    waiting.delete(id)
  })
  let last = 0
  const tell = <T>(command: string, rest: object): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, (line) => {
        const { value, error } = JSON.parse(line)
        if (error === undefined) resolve(value)
        else reject(new Error(error))
      })
      agent.stdin.write(`${JSON.stringify({ id, command, ...rest })}\n`)
    })
  await tell('listen', { addresses: Object.keys(ORIGINS) })

  const proxyOf = (ask: Ask): string => ask.proxy ?? `${squidAddress(0)}:3128`
  const get = (url: string, ask: Ask = {}): Promise<Answer> =>
    tell('request', { url, ...ask, proxy: proxyOf(ask) })

  const startSquid: Bed['startSquid'] = async (
    number,
    options,
    change = (conf) => conf,
    command = RELEASE.command('gnutls'),
  ) => {
    const folder = join(root, `squid${number}`)
    for (const part of ['conf', 'cache', 'log']) mkdirSync(join(folder, part), { recursive: true })
    const seen = join(root, 'checkout')
    mkdirSync(seen, { recursive: true })
    const source = `exec ${process.execPath} --conditions=@bootwire/source --import ${seen}/${tsx} ${seen}/${cli} "$@"`
    const ours = executable(join(folder, 'helper'), `#!/bin/sh\n${source}\n`)
    const { cache = {} } = options
    const { files } = generate({
      snapshot: true,
      ...options,
      cache: {
        host: `cache${number}.lan`,
        version: RELEASE.version,
        ...cache,
        ...(cache.helper === 'stock' || cache.program !== undefined ? {} : { program: ours }),
        directory: join(folder, 'conf'),
        cacheDirectory: join(folder, 'cache'),
        logDirectory: join(folder, 'log'),
        pidFile: join(folder, 'squid.pid'),
        diskMegabytes: 200,
        memoryMegabytes: 32,
        extra: [
          `hosts_file ${join(root, 'hosts')}`,
          'dns_nameservers 10.79.0.9',
          `unique_hostname cache${number}.lan`,
          'shutdown_lifetime 0 seconds',
          ...(cache.extra ?? []),
        ],
      },
    })
    for (const [file, text] of Object.entries(files)) {
      const path = join(folder, 'conf', file)
      mkdirSync(dirname(path), { recursive: true })
      // Several Squids share the namespace: each takes an address of its own.
      const local = text
        .replaceAll(/^http_port (\d+)(?![\d.])/gm, `http_port ${squidAddress(number)}:$1`)
        .replaceAll(
          /^icp_port 3130$/gm,
          `icp_port 3130\nudp_incoming_address ${squidAddress(number)}`,
        )
      writeFileSync(path, file === 'squid.conf' ? change(local) : text)
    }
    execFileSync('chown', ['-R', 'proxy:proxy', folder])
    const conf = join(folder, 'conf', 'squid.conf')
    const run = (args: string[]): string => {
      const words = ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...command, ...args]
      return execFileSync('ip', [...ns, ...words], { encoding: 'utf8' })
    }
    const service = `bw${process.pid}x${number}`
    const parsed = run(['-k', 'parse', '-f', conf, '-n', service])
      .split('\n')
      .filter((line) => line !== '' && !EXPECTED.some((each) => each.test(line)))
    run(['-z', '--foreground', '-f', conf, '-n', service])
    const words = [...command, '--foreground', '-f', conf, '-n', service]
    const child = spawn('ip', [...ns, 'sh', '-c', WITH_CHECKOUT, 'sh', checkout, seen, ...words], {
      stdio: 'ignore',
    })
    squids.push({ child, folder })
    const read = (file: string): string => {
      try {
        return readFileSync(join(folder, 'log', file), 'latin1')
      } catch {
        return '' // not written yet
      }
    }
    const helperPids = (): number[] =>
      pidsOf(
        (line) =>
          line.includes(join(folder, 'conf')) &&
          /storeid_file_rewrite|cli\.ts (?:storeid|rewrite)/.test(line),
      )
    const probe = `http://cache${number}.lan:3128/squid-internal-mgr/store_id`
    const proxy = `${squidAddress(number)}:3128`
    await until('Squid to listen', async () => (await get(probe, { proxy })).status !== 0)
    return {
      address: squidAddress(number),
      folder,
      parsed,
      helperPids,
      cacheLog: () => read('cache.log'),
      accessLog: () => read('access.log'),
      manager: (page) =>
        get(`http://cache${number}.lan:3128/squid-internal-mgr/${page}`, {
          proxy,
          localAddress: '127.0.0.1',
        }),
    }
  }

  return {
    startSquid,
    exec: (...command) => execFileSync('ip', [...ns, ...command], { encoding: 'utf8' }),
    get,
    getAll: (urls, ask = {}) =>
      tell('requests', { list: urls.map((url) => ({ url, ...ask, proxy: proxyOf(ask) })) }),
    hammer: async (url, count, proxy) => void (await tell('hammer', { url, count, proxy })),
    connect: async (authority, ask = {}) => {
      const { status }: { status: number } = await tell('connect', {
        authority,
        proxy: proxyOf(ask),
      })
      return status
    },
    serve: async (folders) => void (await tell('serve', { folders })),
    run: (...command) => {
      const { status, stdout, stderr } = spawnSync('ip', [...ns, ...command], { encoding: 'utf8' })
      return { code: status, text: `${stdout}${stderr}` }
    },
    spawn: (...command) => void spawn('ip', [...ns, ...command], { stdio: 'ignore' }),
    cli: (...args) => {
      const { status, stdout, stderr } = spawnSync(
        'ip',
        [
          ...ns,
          process.execPath,
          '--conditions=@bootwire/source',
          '--import',
          join(checkout, tsx),
          join(checkout, cli),
          ...args,
        ],
        { encoding: 'utf8' },
      )
      return { code: status, text: `${stdout}${stderr}` }
    },
    seen: () => tell('log', {}),
    generation: async (value) => void (await tell('generation', { value })),
    async close(signal) {
      for (const { child } of squids) child.kill('SIGTERM')
      if (signal !== undefined)
        await Promise.all(
          squids.map(
            async ({ child }) => child.exitCode ?? child.signalCode ?? once(child, 'exit'),
          ),
        )
      const ended = once(agent, 'exit')
      agent.stdin.end()
      await ended
      removeNamespace(name)
      await Promise.all(
        squids.map(async ({ child }) => child.exitCode ?? child.signalCode ?? once(child, 'exit')),
      )
      rmSync(root, { recursive: true, force: true })
    },
  }
}
