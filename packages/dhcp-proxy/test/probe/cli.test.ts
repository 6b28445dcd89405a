import { describe, expect, it } from 'vitest'

import { CLIENT_KINDS } from '../../src/clients/kinds.ts'
import { runCommand } from '../../src/probe/command.ts'

const run = async (
  ...args: string[]
): Promise<{ status: number; stdout: string; stderr: string }> => {
  const said = { stdout: '', stderr: '' }
  const status = await runCommand(args, {
    out: (text) => (said.stdout += text),
    err: (text) => (said.stderr += text),
    version: '1.2.3',
  })
  return { status, ...said }
}

describe('bootwire-dhcp', () => {
  it('helps, and names every client it can be', async () => {
    const { status, stdout } = await run('--help')
    expect(status).toBe(0)
    for (const kind of Object.keys(CLIENT_KINDS)) expect(stdout).toContain(kind)
  })

  it('tells its version', async () => {
    expect(await run('--version')).toMatchObject({
      status: 0,
      stdout: '1.2.3\n',
    })
  })

  it.each([
    [[], 'no command; the one command is: probe'],
    [['serve'], 'serve; the one command is: probe'],
    [['probe'], '--as is missing; allowed: bios'],
    [['probe', '--as', 'constructor'], '--as constructor; allowed: bios'],
    [['probe', '--as', 'bios', '--mac', '1'], '--mac 1 is not like 52:54:00:12:34:56'],
    [['probe', '--as', 'bios', '--wait', '0'], '--wait 0 is outside 1-60 seconds'],
    [
      ['probe', '--as', 'bios', '--address', '192.0.2.77'],
      'no interface of this host is 192.0.2.77',
    ],
    [['probe', '--colour'], "Unknown option '--colour'"],
  ])('refuses %j with exit code 2 and says what is allowed', async (args, words) => {
    const { status, stderr } = await run(...args)
    expect(stderr).toContain(words)
    expect(status).toBe(2)
  })
})
