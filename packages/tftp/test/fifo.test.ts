import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { directory, get } from '../src/index.ts'
import { folderWith, serve } from './support.ts'

// Four opens that wait for a FIFO's writer would hold all of libuv's threads: no file is read in the process any more.
it.each(['a path of a handler', 'directory()'])(
  'refuses a FIFO named by %s at once, and goes on to read files',
  async (how) => {
    const root = await folderWith({ real: Buffer.from('real') })
    execFileSync('mkfifo', [join(root, 'pipe')])
    const byPath = {
      read: ({ filename }: { filename: string }) => ({ file: join(root, filename) }),
    }
    const { port } = await serve(how === 'directory()' ? directory({ root }) : byPath)
    const ask = async (filename: string): Promise<string> => {
      const download = await get({ host: '127.0.0.1', port, filename }, { retries: 0 })
      return String(await download.bytes())
    }
    const pipes = Array.from({ length: 8 }, () => ask('pipe'))
    for (const pipe of await Promise.allSettled(pipes))
      expect(pipe).toMatchObject({
        status: 'rejected',
        reason: { code: 'ERR_TFTP_REFUSED', remoteCode: 2 },
      })
    expect(await ask('real')).toBe('real')
    expect(await readFile(join(root, 'real'), 'utf8')).toBe('real')
  },
)
