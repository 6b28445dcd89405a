import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { describe, expect, it, onTestFinished } from 'vitest'

import { loadFrom, loadSocketHelper } from '../src/index.ts'

const folderWith = (name: string, content: string): URL => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-helper-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), content)
  return pathToFileURL(`${folder}/`)
}

const here = { platform: 'linux', cpu: 'x64', env: {} }

describe('loading the socket helper', () => {
  it('gives a helper on Linux on x64 and arm64', ({ skip }) => {
    const isServed = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
    const { helper, reason } = loadFrom({ env: {} })
    // A sandbox may refuse: then all tests of the helper are skipped, and this one says so.
    skip(!isServed || /this kernel refuses it/.test(reason ?? ''), reason)
    expect({ reason, isLoaded: helper !== undefined }).toEqual({ isLoaded: true })
  })

  it('is done once for a process', () => {
    expect(loadSocketHelper()).toBe(loadSocketHelper())
  })

  it('is left out when the environment says so', () => {
    expect(loadFrom({ ...here, env: { BOOTWIRE_SOCKET_HELPER: 'off' } })).toEqual({
      reason: 'BOOTWIRE_SOCKET_HELPER is off',
    })
  })

  it('refuses a value of the switch that it does not know', () => {
    expect(loadFrom({ ...here, env: { BOOTWIRE_SOCKET_HELPER: 'no' } })).toEqual({
      reason: 'BOOTWIRE_SOCKET_HELPER is "no"; it may be "on" or "off"',
    })
  })

  it.each([
    ['another system', { platform: 'darwin' }, 'the socket helper is for Linux, this is darwin'],
    [
      'another CPU',
      { cpu: 'riscv64' },
      'there is no socket helper for riscv64: linux-riscv64.node is missing',
    ],
    [
      'a missing file',
      { folders: [new URL('file:///none/such/')] },
      'there is no socket helper for x64: linux-x64.node is missing',
    ],
  ])('gives a reason on %s', (_, options, reason) => {
    expect(loadFrom({ ...here, ...options })).toEqual({ reason })
  })

  it('gives a reason for a file that is no add-on', () => {
    const folders = [folderWith('linux-x64.node', 'not an ELF file at all')]
    expect(loadFrom({ ...here, folders }).reason).toMatch(
      /^the socket helper is not used: it does not load: /,
    )
  })
})
