import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../../scripts/system-tests.ts'
import { serverUnits } from '../../../src/features/print-units/units.ts'
import { bootwire } from '../../run-command.ts'
import { temporaryFolder } from '../../support.ts'

const PACKAGED = fileURLToPath(new URL('../../../deploy/bootwire.service', import.meta.url))
const served = { interface: 'lan0', address: '10.0.0.5' }

describe('the printed systemd units', () => {
  it('quote what ExecStart would read otherwise', () => {
    const command = ['/usr/bin/node', '/srv/my boot/100%', '$HOME']
    expect(serverUnits({ ...served, dhcp: true, command })).toContain(
      '\nExecStart=/usr/bin/node "/srv/my boot/100%%" $$HOME\n',
    )
  })

  it('leave ports 67 and 4011 alone where ProxyDHCP is off', () => {
    const units = serverUnits({ ...served, dhcp: false, command: ['bootwire'] })
    expect(units).toContain('\nSockets=bootwire-tftp69@lan0.socket\n')
    expect(units).not.toContain('dhcp67')
  })

  it('are what `serve --print-units` prints instead of serving', async () => {
    const network = ['--interface', 'lo', '--address', '127.0.0.1']
    const { code, out } = await bootwire(
      'serve',
      '--print-units',
      '--http-port',
      '8081',
      ...network,
    )
    expect(code).toBe(0)
    expect(out).toContain('FileDescriptorName=tftp69-lo')
    expect(out).toMatch(/^ExecStart=.* serve --interface lo --address 127.0.0.1 --http-port 8081$/m)
    expect((await bootwire('serve', '--help')).out).toContain('--print-units')
  }, 60_000)
})

/** As `systemd-analyze security` sees a unit: 0 is shut, 10 is open. */
const exposureOf = (unit: string): number => {
  const file = join(temporaryFolder(), 'bootwire.service')
  writeFileSync(file, unit)
  const args = ['security', '--offline=true', '--no-pager', file]
  const { stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
  return Number(/Overall exposure level for bootwire.service: ([\d.]+)/.exec(stdout)?.[1])
}

describeSystem('a service, by `systemd-analyze security`', () => {
  it('is exposed by 2.0 at most where it is printed', () => {
    const units = serverUnits({ ...served, dhcp: true, command: ['/usr/bin/node', 'bootwire'] })
    expect(exposureOf(units.slice(units.indexOf('# bootwire.service')))).toBeLessThanOrEqual(2)
  })

  it('is exposed by 2.0 at most as the Debian package has it', () => {
    expect(exposureOf(readFileSync(PACKAGED, 'utf8'))).toBeLessThanOrEqual(2)
  })
})

const linesOf = (unit: string): string[] =>
  unit.split('\n').filter((line) => /^(?!#)\S+=/.test(line))

describe('the service of the Debian package', () => {
  it('is shut as the printed one is, but for what binding low ports itself takes', () => {
    const printed = linesOf(serverUnits({ ...served, dhcp: true, command: ['bootwire'] }))
    const packaged = new Set(linesOf(readFileSync(PACKAGED, 'utf8')))
    const socketLines = linesOf(
      serverUnits({ ...served, dhcp: true, command: ['bootwire'] }).split('# bootwire.service')[0]!,
    )
    expect(printed.filter((line) => !packaged.has(line) && !socketLines.includes(line))).toEqual([
      expect.stringMatching(/^Sockets=/),
      'ExecStart=bootwire',
      'DynamicUser=yes',
      'AmbientCapabilities=',
      'CapabilityBoundingSet=',
      'PrivateUsers=yes',
    ])
  })
})
