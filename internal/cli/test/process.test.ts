import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const TSX = at('../../../node_modules/.bin/tsx')
const SAMPLE = ['--conditions=@bootwire/source', at('process.ts')]

/** Starts the program; sends a signal for each time it says what is waited for. */
const signalled = async (
  command: string,
  signals: readonly (readonly [after: string, NodeJS.Signals])[],
) => {
  const child = spawn(process.execPath, ['--import', 'tsx', at('process.ts'), command], {
    cwd: at('../../..'),
    timeout: 20_000,
  })
  let out = ''
  const waiting = [...signals]
  child.stdout.on('data', (bytes: Buffer) => {
    out += String(bytes)
    for (let next = waiting[0]; next && out.includes(next[0]); next = waiting[0]) {
      waiting.shift()
      child.kill(next[1])
    }
  })
  const [code, signal]: unknown[] = await once(child, 'close')
  return { code, signal, out }
}

describe('a process', { timeout: 30_000 }, () => {
  it('ends quietly, with 0, when the reader of its output leaves', () => {
    const script = `"$0" ${SAMPLE.join(' ')} flood | head -1; echo "\${PIPESTATUS[0]}"`
    const said = execFileSync('bash', ['-c', `${script} 2>&1`, TSX], {
      encoding: 'utf8',
      timeout: 20_000,
    })
    expect(said).toMatch(/^line 0 \.+\n0\n$/)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'lets a command that listens end well after %s',
    async (name) => {
      expect(await signalled('stop', [['ready', name]])).toEqual({
        code: 0,
        signal: null,
        out: 'ready\nstopped\n',
      })
    },
  )

  it('gives 128 and the number of the signal where the command breaks off', async () => {
    expect(await signalled('abort', [['ready', 'SIGINT']])).toMatchObject({
      code: 130,
      signal: null,
    })
    expect(await signalled('abort', [['ready', 'SIGTERM']])).toMatchObject({
      code: 143,
      signal: null,
    })
  })

  it('ends at the second signal whatever the command does', async () => {
    expect(
      await signalled('stubborn', [
        ['ready', 'SIGINT'],
        ['not yet', 'SIGINT'],
      ]),
    ).toMatchObject({ code: 130 })
  })

  it('dies of the first signal where the command does not ask for signals', async () => {
    expect(await signalled('deaf', [['ready', 'SIGTERM']])).toMatchObject({
      code: null,
      signal: 'SIGTERM',
    })
  })
})
