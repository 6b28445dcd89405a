import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { describeSystem } from '../../../../../scripts/system-tests.ts'
import { serverUnits } from '../../../src/features/print-units/units.ts'
import { bootwire } from '../../run-command.ts'
import { temporaryFolder } from '../../support.ts'

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

describeSystem('the printed service, by `systemd-analyze security`', () => {
  it('is exposed by 2.0 at most', () => {
    const units = serverUnits({ ...served, dhcp: true, command: ['/usr/bin/node', 'bootwire'] })
    const file = join(temporaryFolder(), 'bootwire.service')
    writeFileSync(file, units.slice(units.indexOf('# bootwire.service')))
    const args = ['security', '--offline=true', '--no-pager', file]
    const { stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
    const [, level] = /Overall exposure level for bootwire.service: ([\d.]+)/.exec(stdout) ?? []
    expect(Number(level)).toBeLessThanOrEqual(2)
  })
})
