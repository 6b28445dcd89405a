import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const PROXY_PROCESS = fileURLToPath(new URL('proxy-process.ts', import.meta.url))
const NODE = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx')]
const PREFIX = `bwprobe-${process.pid}`
/** Each in a namespace of its own, on one bridge. */
const HOSTS = [
  ['client', '10.78.0.10'],
  ['main', '10.78.0.1'],
  ['rival', '10.78.0.3'],
  ['rival2', '10.78.0.4'],
] as const
type Host = (typeof HOSTS)[number][0]

const ip = (...args: string[]): string =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const nameOf = (host: Host | 'switch'): string => `${PREFIX}-${host}`

const DNSMASQ = [
  '--no-daemon',
  '--conf-file=/dev/null',
  '--port=0',
  '--interface=eth0',
  '--bind-interfaces',
  '--log-dhcp',
]
const LEASES = [
  '--dhcp-range=10.78.0.100,10.78.0.150,1h',
  '--dhcp-leasefile=/dev/null',
  '--no-ping',
]
const PROXY = [
  '--dhcp-range=10.78.0.0,proxy',
  '--pxe-service=x86-64_EFI,Boot,rival.efi',
  '--pxe-service=x86PC,Boot,rival',
]

const KEA = {
  Dhcp4: {
    'interfaces-config': { interfaces: ['eth0'], 'dhcp-socket-type': 'raw' },
    'lease-database': { type: 'memfile', persist: false },
    'valid-lifetime': 3600,
    'next-server': '10.78.0.9',
    // Kea 2.6 wants every subnet numbered.
    subnet4: [{ id: 1, subnet: '10.78.0.0/24', pools: [{ pool: '10.78.0.100 - 10.78.0.150' }] }],
    loggers: [{ name: 'kea-dhcp4', output_options: [{ output: 'stdout' }], severity: 'INFO' }],
  },
} as const

describeSystem('bootwire-dhcp probe on a real network', () => {
  let folder = ''
  let children: ChildProcess[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), `${PREFIX}-`))
    children = []
    ip('netns', 'add', nameOf('switch'))
    ip(
      '-n',
      nameOf('switch'),
      'link',
      'add',
      'br0',
      'type',
      'bridge',
      'stp_state',
      '0',
      'forward_delay',
      '0',
    )
    ip('-n', nameOf('switch'), 'link', 'set', 'br0', 'up')
    for (const [host, address] of HOSTS) {
      const name = nameOf(host)
      ip('netns', 'add', name)
      ip('-n', name, 'link', 'set', 'lo', 'up')
      ip(
        '-n',
        nameOf('switch'),
        'link',
        'add',
        host,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        name,
      )
      ip('-n', nameOf('switch'), 'link', 'set', host, 'master', 'br0', 'up')
      ip('-n', name, 'address', 'add', `${address}/24`, 'brd', '+', 'dev', 'eth0')
      ip('-n', name, 'link', 'set', 'eth0', 'up')
    }
  })
  afterEach(async () => {
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const closed = once(child, 'close')
        child.kill('SIGKILL')
        await closed
      }),
    )
    ip('netns', 'del', nameOf('switch'))
    for (const [host] of HOSTS) ip('netns', 'del', nameOf(host))
    rmSync(folder, { recursive: true })
  })

  /** Starts a server and waits until it says that it is ready. */
  const start = async (
    host: Host,
    ready: string,
    command: string,
    args: readonly string[],
    env = {},
  ): Promise<void> => {
    const child = spawn('ip', ['netns', 'exec', nameOf(host), command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    children.push(child)
    let said = ''
    await new Promise<void>((resolve, reject) => {
      const hear = (text: Buffer): void => {
        said += text.toString()
        if (said.includes(ready)) resolve()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('close', () => reject(new Error(`${command} ended:\n${said}`)))
    })
  }
  const dnsmasq = (host: Host, ...args: string[]): Promise<void> =>
    start(host, 'DHCP', 'dnsmasq', [...DNSMASQ, ...args])

  const probe = async (
    ...args: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const unlessGiven = (name: string, value: string): readonly string[] =>
      args.includes(name) ? [] : [name, value]
    const usual = [...unlessGiven('--interface', 'eth0'), ...unlessGiven('--wait', '1.5')]
    const own = ['probe', ...usual, ...args]
    const child = spawn('ip', [
      'netns',
      'exec',
      nameOf('client'),
      process.execPath,
      ...NODE,
      CLI,
      ...own,
    ])
    children.push(child)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
    await once(child, 'close')
    return { code: child.exitCode, stdout, stderr }
  }

  it('sees dnsmasq as main server, and that nobody boots anything', async () => {
    await dnsmasq('main', ...LEASES)
    const { code, stdout } = await probe('--as', 'uefi-x64')
    expect(stdout).toMatch(/10\.78\.0\.1 after \d+ ms, DHCP server: address 10\.78\.0\.1\d\d/)
    expect(stdout).toContain('the client takes it (DhcpOnly)')
    expect(stdout).toContain('NO_PROXY')
    expect(code).toBe(1)
  })

  it('sees a ProxyDHCP server beside it, asks it on port 4011 and tells what would be loaded', async () => {
    await dnsmasq('main', ...LEASES)
    await dnsmasq('rival', ...PROXY)
    const { code, stdout } = await probe('--as', 'uefi-x64', '--json')
    const report = JSON.parse(stdout)
    expect(report.sentence).toBe('downloads rival.efi from 10.78.0.3 (tftp)')
    expect(report.bootServers).toMatchObject([
      { asked: '10.78.0.3:4011', answers: [{ file: 'rival.efi' }] },
    ])
    expect(report.blockers).toEqual([])
    expect(code).toBe(0)
  })

  it('acts as iPXE and as a BIOS machine', async () => {
    await dnsmasq('main', ...LEASES)
    await dnsmasq('rival', ...PROXY)
    for (const kind of ['ipxe', 'bios']) {
      const { code, stdout } = await probe('--as', kind)
      expect(stdout).toMatch(/The client downloads rival\S* from 10\.78\.0\.3 \(tftp\)/)
      expect(code).toBe(0)
    }
  })

  it('names a rival ProxyDHCP server', async () => {
    await dnsmasq('main', ...LEASES)
    await dnsmasq('rival', ...PROXY)
    await dnsmasq('rival2', ...PROXY)
    const { stdout } = await probe('--as', 'uefi-x64')
    expect(stdout).toMatch(
      /SECOND_PROXY: 2 ProxyDHCP servers answer \(10\.78\.0\.\d, 10\.78\.0\.\d\)/,
    )
  })

  it('names a main server that answers option 60', async () => {
    await dnsmasq('main', ...LEASES, '--dhcp-option-force=60,PXEClient')
    await dnsmasq('rival', ...PROXY)
    const { code, stdout } = await probe('--as', 'uefi-x64')
    expect(stdout).toContain(
      'ECHOED_VENDOR_CLASS: the DHCP server 10.78.0.1 says option 60 "PXEClient" itself',
    )
    expect(stdout).toContain('asked 10.78.0.1:4011: no answer')
    expect(code).toBe(1)
  })

  it('names a main server that names a boot file of its own', async () => {
    await dnsmasq('main', ...LEASES, '--dhcp-boot=own.0,,10.78.0.9')
    await dnsmasq('rival', ...PROXY)
    const { stdout } = await probe('--as', 'ipxe-x64')
    expect(stdout).toContain(
      'FOREIGN_BOOT_FILE: the DHCP server 10.78.0.1 names the boot file "own.0" on 10.78.0.9',
    )
    expect(stdout).toContain('The client downloads own.0 from 10.78.0.9 (tftp)')
  })

  it('sees Kea as main server, and its next server', async () => {
    const config = join(folder, 'kea.json')
    writeFileSync(config, JSON.stringify(KEA))
    const env = { KEA_PIDFILE_DIR: folder, KEA_LOCKFILE_DIR: 'none' }
    await start('main', 'DHCP4_STARTED', 'kea-dhcp4', ['-c', config], env)
    await dnsmasq('rival', ...PROXY)
    const { code, stdout } = await probe('--as', 'uefi-x64')
    expect(stdout).toMatch(
      /10\.78\.0\.1 after \d+ ms, DHCP server: address 10\.78\.0\.1\d\d, next server 10\.78\.0\.9/,
    )
    expect(stdout).toContain(
      'FOREIGN_NEXT_SERVER: the DHCP server 10.78.0.1 names 10.78.0.9 as next server',
    )
    expect(stdout).toContain('The client downloads rival.efi from 10.78.0.3 (tftp)')
    expect(code).toBe(0)
  })

  it("finds that this package's own server boots every kind of client", async () => {
    await dnsmasq('main', ...LEASES)
    await start('rival', 'DHCP', process.execPath, [...NODE, PROXY_PROCESS, '10.78.0.3'])
    const ends = [
      ['uefi-arm64', 'boot.0 from 10.78.0.3 (tftp)'],
      ['uefi-x64-http', 'http://10.78.0.3/boot.efi from 10.78.0.3 (http)'],
      ['bios', 'boot.0 from 10.78.0.3 (tftp)'],
      ['ipxe', 'boot.0 from 10.78.0.3 (tftp)'],
      ['u-boot', 'boot.0 from 10.78.0.3 (tftp)'],
      ['rpi4', '00000000/start4.elf from 10.78.0.3 (tftp)'],
    ] as const
    for (const [kind, end] of ends) {
      const own = kind === 'rpi4' ? ['--mac', 'b8:27:eb:00:00:01', '--wait', '3'] : []
      // oxlint-disable-next-line no-await-in-loop -- the probes share port 68
      const { code, stdout } = await probe('--as', kind, ...own)
      expect(stdout).toContain(`The client downloads ${end}`)
      expect(stdout).not.toContain('In the way')
      expect(code).toBe(0)
    }
  })

  it('says what is wrong with its own command line', async () => {
    const { code, stderr } = await probe('--as', 'toaster')
    expect(stderr).toContain('--as toaster')
    expect(code).toBe(2)
    expect((await probe('--as', 'bios', '--interface', 'eth7')).stderr).toContain(
      'no interface of this host is eth7',
    )
  })
})
