import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { Measurement } from '../../../scripts/measure.ts'
import { load } from './load.ts'
import { Served, sleep, withFolder } from './rig.ts'

const run = promisify(execFile)
const NGINX = '/usr/sbin/nginx'
const NGINX_PORT = 18_081
const FILES = 10_000
const FILE_BYTES = 4096
const LARGE_BYTES = 2 ** 30
const CLIENTS = 64

/** nginx as Debian ships it, one worker with sendfile and an open-file cache, on the same folder. */
const startNginx = async (folder: string): Promise<ChildProcess> => {
  const path = join(folder, 'nginx.conf')
  writeFileSync(
    path,
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; pid ${folder}/nginx.pid; worker_processes 1; error_log stderr crit;
events { worker_connections 1024; }
http { access_log ${folder}/access.log; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server { listen 127.0.0.1:${NGINX_PORT}; location /assets/ { alias ${folder}/assets/; } } }`,
  )
  const child = spawn(NGINX, ['-c', path, '-p', folder], {
    stdio: ['ignore', 'inherit', 'ignore'],
  })
  for (let i = 0; i < 100; i++) {
    const up = await new Promise((resolve) => {
      const socket = connect(NGINX_PORT, '127.0.0.1', () => resolve(true)).on('error', () =>
        resolve(false),
      )
      socket.unref().once('connect', () => socket.destroy())
    })
    if (up) return child
    await sleep(50)
  }
  throw new Error('nginx does not listen')
}

const beside = <T>(work: (ours: Served, peer: string) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    const assets = join(folder, 'assets')
    mkdirSync(assets)
    for (let i = 0; i < FILES; i++)
      writeFileSync(join(assets, `f${i}`), Buffer.alloc(FILE_BYTES, i))
    writeFileSync(join(assets, 'large'), '')
    truncateSync(join(assets, 'large'), LARGE_BYTES)
    writeFileSync(join(folder, 'boot.yaml'), 'assets: assets\n')
    const nginx = await startNginx(folder)
    const ours = await Served.start(['--config', join(folder, 'boot.yaml')], folder)
    try {
      return await work(ours, `http://127.0.0.1:${NGINX_PORT}`)
    } finally {
      await ours.stop()
      nginx.kill('SIGQUIT')
      await once(nginx, 'exit')
    }
  })

const smallPath = (i: number): string => `/assets/f${(i * 7919) % FILES}`

export const smallFiles = (say: (line: string) => void): Promise<Measurement[]> =>
  beside(async (ours, peer) => {
    const results = { ours: 0, peer: 0 }
    // In turns, so that what else this host does hits both; the first round warms up.
    for (const seconds of [0, 5, 5]) {
      const a = await load(ours.http, smallPath, 32, seconds, 2 * FILES)
      const b = await load(peer, smallPath, 32, seconds, 2 * FILES)
      say(`small files: ${Math.round(a.perSecond)}/s, nginx ${Math.round(b.perSecond)}/s`)
      if (seconds === 0) continue
      results.ours = Math.max(results.ours, a.perSecond)
      results.peer = Math.max(results.peer, b.perSecond)
    }
    return [
      {
        what: '10,000 files of 4 KiB, 32 clients',
        unit: 'requests/s',
        ours: results.ours,
        peer: { name: 'nginx', value: results.peer },
        bar: { of: 'ratio', is: 'at least', limit: 0.5 },
      },
    ]
  })

/** 64 curls of one large file; MB/s over all. */
const fetchLarge = async (base: string): Promise<number> => {
  const started = performance.now()
  const url = `${base}/assets/large`
  const targets = Array.from({ length: CLIENTS }, () => ['-o', '/dev/null', url]).flat()
  await run(
    'curl',
    ['-sSf', '--parallel', '--parallel-immediate', '--parallel-max', String(CLIENTS), ...targets],
    { maxBuffer: 2 ** 24 },
  )
  return (CLIENTS * LARGE_BYTES) / 1e6 / ((performance.now() - started) / 1000)
}

export const largeFiles = (say: (line: string) => void): Promise<Measurement[]> =>
  beside(async (ours, peer) => {
    const a = await fetchLarge(ours.http)
    const { peak } = ours.memory
    const b = await fetchLarge(peer)
    say(`large files: ${Math.round(a)} MB/s, nginx ${Math.round(b)} MB/s`)
    return [
      {
        what: '1 GiB to each of 64 clients',
        unit: 'MB/s',
        ours: a,
        peer: { name: 'nginx', value: b },
        bar: { of: 'ratio', is: 'at least', limit: 0.5 },
      },
      {
        what: 'memory while doing so, highest',
        unit: 'MB',
        ours: peak,
        bar: { of: 'ours', is: 'at most', limit: 250 },
      },
    ]
  })

const scriptPath = (i: number): string =>
  `/script?mac=525400${(i % 1000).toString(16).padStart(6, '0')}&final=1&serial=S${i}`

export const scripts = (say: (line: string) => void): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    const machines = Array.from(
      { length: 1000 },
      (_, i) => `  m${i}: { mac: "525400${i.toString(16).padStart(6, '0')}", profile: linux }`,
    )
    writeFileSync(
      join(folder, 'boot.yaml'),
      `profiles:\n  linux: { kernel: "http://h/k", initrd: "http://h/i", args: "quiet host={{ name }}" }\nmachines:\n${machines.join('\n')}\n`,
    )
    const ours = await Served.start(['--config', join(folder, 'boot.yaml')], folder)
    try {
      await load(ours.http, scriptPath, 32, 2)
      const { perSecond } = await load(ours.http, scriptPath, 32, 5)
      say(`scripts: ${Math.round(perSecond)}/s`)
      return [
        {
          what: 'scripts on one core',
          unit: '/s',
          ours: perSecond,
          bar: { of: 'ours', is: 'at least', limit: 5000 },
        },
      ]
    } finally {
      await ours.stop()
    }
  })

export const idle = (say: (line: string) => void): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    writeFileSync(join(folder, 'bootwire.yaml'), 'unknown: { after: local }\n')
    const readies: number[] = []
    let rss = 0
    for (let i = 0; i < 5; i++) {
      const ours = await Served.start(['--config', join(folder, 'bootwire.yaml')], folder)
      readies.push(ours.readyMs)
      await sleep(2000)
      rss = Math.max(rss, ours.memory.rss)
      await ours.stop()
    }
    const ready = readies.toSorted((a, b) => a - b)[2]!
    say(`ready after ${readies.map(Math.round).join(', ')} ms`)
    return [
      {
        what: 'ready after start (built), median of 5',
        unit: 'ms',
        ours: ready,
        bar: { of: 'ours', is: 'at most', limit: 500 },
      },
      {
        what: 'memory when idle',
        unit: 'MB',
        ours: rss,
        bar: { of: 'ours', is: 'at most', limit: 90 },
      },
    ]
  })
