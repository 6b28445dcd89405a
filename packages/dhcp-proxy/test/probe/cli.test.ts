import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { CLIENT_KINDS } from '../../src/probe/kinds.ts'

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(
    process.execPath,
    ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), CLI, ...args],
    { encoding: 'utf8', timeout: 30_000 },
  )

describe('bootwire-dhcp', () => {
  it('helps, and names every client it can be', () => {
    const { status, stdout } = run('--help')
    expect(status).toBe(0)
    for (const kind of Object.keys(CLIENT_KINDS)) expect(stdout).toContain(kind)
  })

  it('tells its version', () => {
    expect(run('--version')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
  })

  it.each([
    [[], 'no command; the one command is: probe'],
    [['serve'], 'serve; the one command is: probe'],
    [['probe'], '--as is missing; allowed: uefi-x64'],
    [['probe', '--as', 'bios', '--mac', '1'], '--mac 1 is not like 52:54:00:12:34:56'],
    [['probe', '--as', 'bios', '--wait', '0'], '--wait 0 is outside 1-60 seconds'],
    [
      ['probe', '--as', 'bios', '--address', '192.0.2.77'],
      'no interface of this host is 192.0.2.77',
    ],
    [['probe', '--colour'], "Unknown option '--colour'"],
  ])('refuses %j with exit code 2 and says what is allowed', (args, words) => {
    const { status, stderr } = run(...args)
    expect(stderr).toContain(words)
    expect(status).toBe(2)
  })
})
