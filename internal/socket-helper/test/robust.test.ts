import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

import { describe, expect, it, onTestFinished } from 'vitest'

import { missing } from './support.ts'

const file = fileURLToPath(new URL(`../prebuilt/linux-${process.arch}.node`, import.meta.url))
const script = fileURLToPath(new URL('arguments.mjs', import.meta.url))

/** Loads the add-on in a worker, watches a socket and ends without closing anything; or after the watch was stopped. */
const ENDING = `
  const { workerData: { file, way } } = require('node:worker_threads')
  const native = require(file)
  const row = new Uint8Array(64)
  row[8] = 4
  row.set([127, 0, 0, 1], 16)
  const fds = [1, 2, 3].map(() => {
    const fd = native.socket(2, 2, 0)
    native.bind(fd, row)
    return fd
  })
  const ids = fds.map((fd) => native.watch(fd, new Uint8Array(2048), 2048, new Uint8Array(64), () => {}))
  if (ids.some((id) => id < 1)) throw new Error('watch: ' + ids)
  if (way === 'stopped') ids.map(native.unwatch)
  if (way === 'closed') fds.map(native.close)
  if (way === 'throws') throw new Error('the end')
  if (way !== 'stopped') setImmediate(() => process.exit())
`

describe.skipIf(missing)('native functions', () => {
  it('answer a number whatever they are given', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-fuzz-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    // Files, because the functions are given small numbers too, and pipes to a child are sockets that they could close.
    const [out, err] = ['out', 'err'].map((name) => openSync(join(folder, name), 'w'))
    const { status, signal } = spawnSync(process.execPath, [script, file, '60000', '1'], {
      stdio: ['ignore', out, err],
      timeout: 60_000,
    })
    expect({ status, signal, stderr: readFileSync(join(folder, 'err'), 'utf8') }).toEqual({
      status: 0,
      signal: null,
      stderr: '',
    })
    const printed: unknown = JSON.parse(readFileSync(join(folder, 'out'), 'utf8'))
    const calls = Object.values(Object(printed)).map(Number)
    expect(calls).toHaveLength(12)
    expect(Math.min(...calls)).toBeGreaterThan(3000)
  }, 60_000)

  it.each(['exits', 'stopped', 'closed', 'throws'])(
    'leave nothing behind when a worker ends (%s)',
    async (way) => {
      const worker = new Worker(ENDING, { eval: true, workerData: { file, way } })
      const errors: unknown[] = []
      worker.on('error', (error) => errors.push(error))
      const code = await new Promise((resolve) => worker.once('exit', resolve))
      expect(code).toBe(way === 'throws' ? 1 : 0)
      expect(errors).toHaveLength(way === 'throws' ? 1 : 0)
    },
  )
})
