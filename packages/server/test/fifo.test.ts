import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { createHttpApp } from '../src/http/app.ts'
import { serviceFor, temporaryFolder, writeFiles } from './support.ts'

// Four opens that wait for a FIFO's writer would hold all of libuv's threads: no file is read in the process any more.
it('knows no file where a FIFO lies below the assets, and goes on to send files', async () => {
  const folder = temporaryFolder()
  writeFiles(folder, { 'assets/real': 'real' })
  execFileSync('mkfifo', [join(folder, 'assets', 'pipe')])
  const app = createHttpApp((await serviceFor('assets: assets', { folder })).service)
  const ask = async (method: 'GET' | 'HEAD', url: string) => {
    const { statusCode, body } = await app.inject({ method, url })
    return `${statusCode} ${body}`
  }
  try {
    const pipes = Array.from({ length: 8 }, () => ask('GET', '/assets/pipe'))
    expect(new Set(await Promise.all(pipes))).toEqual(new Set(['404 not found\n']))
    expect(await ask('HEAD', '/assets/pipe')).toMatch(/^404 /)
    expect(await ask('GET', '/assets/real')).toBe('200 real')
    expect(await readFile(join(folder, 'assets', 'real'), 'utf8')).toBe('real')
  } finally {
    await app.close()
  }
})
