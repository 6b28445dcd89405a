import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { capture } from '@bootwire-internal/cli/testing'
import { describe, expect, test } from 'vitest'

import { main } from '../src/cli/main.ts'
import { progressLine } from '../src/cli/progress.ts'
import { directory } from '../src/index.ts'
import { folderWith, patternOf, serve } from './support.ts'

/** Runs a command line as the shell would. */
const run = async (args: readonly string[], signal = new AbortController().signal) => {
  const { code, bytes, err } = await capture(main, args, { signal })
  return { code, stdout: bytes, stderr: err }
}

describe('bootwire-tftp', () => {
  test('gets a file, to a name or to stdout, and puts one', async () => {
    const root = await folderWith({ file: patternOf(50_000) })
    const folder = await folderWith({})
    const { port } = await serve(directory({ root, write: { create: true } }))
    const url = `tftp://127.0.0.1:${port}`
    expect(await run(['get', `${url}/file`, join(folder, 'a'), '--window', '4'])).toMatchObject({
      code: 0,
    })
    expect((await readFile(join(folder, 'a'))).equals(patternOf(50_000))).toBe(true)
    const printed = await run(['get', `${url}/file`, '-', '--quiet', '--block-size', '512'])
    expect(printed.stdout.equals(patternOf(50_000))).toBe(true)
    expect(printed.stderr).toBe('')
    await writeFile(join(folder, 'b'), patternOf(777))
    const put = await run(['put', join(folder, 'b'), `${url}/b`])
    expect(put.stderr).toMatch(/^wrote b: 777 B in /)
    expect((await readFile(join(root, 'b'))).equals(patternOf(777))).toBe(true)
  })

  test('ends with 1 when it failed and with 2 when it was called wrongly', async () => {
    const { port } = await serve({ root: await folderWith({}) })
    expect(await run(['get', `tftp://127.0.0.1:${port}/nothing`, '-'])).toMatchObject({
      code: 1,
      stderr: 'bootwire-tftp: the server answered error 1: file not found (ERR_TFTP_REFUSED)\n',
    })
    for (const args of [
      [],
      ['fetch'],
      ['get'],
      ['get', 'http://x/y'],
      ['get', 'tftp://127.0.0.1/x', '-', '--window', 'many'],
      ['get', 'tftp://127.0.0.1/x', '-', '--block-size', '7'],
      ['serve', '.', '--ports', '9'],
      ['serve', '.', '--write', 'all'],
      ['serve', '.', '--single-port', '--ports', '1-2'],
      ['serve', '--what'],
      ['conformance', 'localhost', 'x'],
    ]) {
      expect(await run(args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--help tells more'),
      })
    }
  })

  test('serves a folder until it is told to stop', async () => {
    const root = await folderWith({ file: patternOf(10) })
    const stop = new AbortController()
    stop.abort()
    const { code, stderr } = await run(
      ['serve', root, '--port', '0', '--host', '127.0.0.1'],
      stop.signal,
    )
    expect(code).toBe(0)
    expect(stderr).toMatch(/^serving .* on 127\.0\.0\.1:\d+\n$/)
  })

  test('says what to do about a taken port, and serves nothing then', async () => {
    const { port } = await serve({ root: await folderWith({}) })
    for (const host of [['--host', '127.0.0.1'], []]) {
      const { code, stderr } = await run(['serve', '.', '--port', String(port), ...host])
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(
          /127\.0\.0\.1.*another program has this port; stop it, or choose --host/,
        ),
      ])
    }
  })

  test('refuses to serve a folder that is not there', async () => {
    const { code, stderr } = await run(['serve', 'no/such/folder'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('no/such/folder is no folder')])
  })

  test('checks a server', async () => {
    const root = await folderWith({ 'conformance.bin': patternOf(100_000) })
    const { port } = await serve({ root })
    const only = ['--only', 'lock-step,tsize,option-case,not-found']
    const { code, stdout } = await run(['conformance', '127.0.0.1', String(port), ...only])
    expect(String(stdout)).toContain('pass   option-case')
    expect(String(stdout)).toContain('5 passed, 0 failed, 0 not offered')
    expect(code).toBe(0)
  })

  test('shows how far a transfer is', () => {
    expect(progressLine(512 * 1024, 1024 * 1024, 1000)).toBe(
      '[############............]  50 %  512.0 KiB of 1.0 MiB  512.0 KiB/s',
    )
    expect(progressLine(100, undefined, 1000)).toBe('100 B  100 B/s')
  })
})
