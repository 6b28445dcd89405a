import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'

import { get } from '@bootwire/tftp'
import { describe, expect, it, onTestFinished, vi } from 'vitest'

import { catchHangups } from '../src/commands/hangup.ts'
import { startDaemon } from '../src/daemon/daemon.ts'
import { bindError } from '../src/host/bind.ts'
import { chooseInterface } from '../src/host/interfaces.ts'
import { activate } from '../src/load/load.ts'
import { EventLog } from '../src/log/event-log.ts'
import { IPXE, load, temporaryFolder, writeFiles } from './support.ts'

interface Told {
  readonly event: string
}

const start = async (ports: string, folder: string) => {
  const lines: string[] = []
  const loaded = await load(
    `assets: assets\nserver: { dhcp: { enabled: false }, ${ports} }`,
    folder,
  )
  if (!loaded.ok) throw new Error('refused')
  const daemon = await startDaemon({
    configuration: await activate(loaded),
    interfaces: [{ interface: 'lo', address: '127.0.0.1' }],
    data: `${folder}/data`,
    ipxe: IPXE,
    log: new EventLog({ write: (line) => lines.push(line) }, 'json'),
  })
  return { daemon, events: () => lines.map((line): Told => JSON.parse(line)) }
}

describe('the daemon', () => {
  it('serves the same tree on TFTP and HTTP, logs it, and stops cleanly, twice if asked', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/deep/linux': '0123456789' })
    const { daemon, events } = await start('http: { port: 0 }, tftp: { port: 0 }', folder)
    const http = await (await fetch(`${daemon.base}/assets/deep/linux`)).text()
    const { stream } = await get({
      host: '127.0.0.1',
      port: daemon.ports.tftp,
      filename: '/deep//linux',
    })
    expect((await buffer(stream)).toString()).toBe(http)
    await Promise.all([daemon.close(), daemon.close()])
    const names = events().map(({ event }) => event)
    expect(names[0]).toBe('ready')
    expect(names).toContain('http.asset')
    expect(names).toContain('tftp.end')
    expect(names).toContain('stopping')
  })

  it('does not leave its folder over TFTP', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/x': '', secret: 'secret' })
    const { daemon } = await start('http: { port: 0 }, tftp: { port: 0 }', folder)
    const read = get({ host: '127.0.0.1', port: daemon.ports.tftp, filename: '../secret' })
    await expect(read).rejects.toThrow('not found')
    await daemon.close()
  })

  it('lets a download end that is under way when it is told to stop', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/big': 'x'.repeat(30_000_000) })
    const { daemon } = await start('http: { port: 0 }, tftp: { port: 0 }', folder)
    const response = await fetch(`${daemon.base}/assets/big`)
    const closing = daemon.close()
    expect((await response.text()).length).toBe(30_000_000)
    await closing
  })

  it('tells systemd that it is ready, that it lives, and that it stops', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/x': '', 'bin/systemd-notify': '#!/bin/sh\necho "$@" >>"$SAID"\n' })
    chmodSync(`${folder}/bin/systemd-notify`, 0o755)
    vi.stubEnv('NOTIFY_SOCKET', '/run/systemd/notify')
    vi.stubEnv('WATCHDOG_USEC', '1000000')
    vi.stubEnv('SAID', `${folder}/said`)
    vi.stubEnv('PATH', `${folder}/bin:${process.env['PATH']}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { daemon } = await start('http: { port: 0 }, tftp: { port: 0 }', folder)
    const said = () => (existsSync(`${folder}/said`) ? readFileSync(`${folder}/said`, 'utf8') : '')
    await vi.waitFor(() => expect(said()).toContain('WATCHDOG=1'), { timeout: 5000 })
    await daemon.close()
    await vi.waitFor(() => expect(said()).toContain('--stopping'), { timeout: 5000 })
    expect(said()).toMatch(/^--ready /)
  })

  it('takes over the state of Bootwire 0.1, says so, and keeps the old file', async () => {
    const folder = temporaryFolder()
    const machines = { '52:54:00:00:00:01': { boots: 1, installed: { profile: 'a', at: '' } } }
    writeFiles(folder, {
      'assets/x': '',
      'data/state.json': JSON.stringify({ version: 1, machines }),
    })
    const { daemon, events } = await start('http: { port: 0 }, tftp: { port: 0 }', folder)
    const record = daemon.service.decisions.recordOfMac('52:54:00:00:00:01')
    await daemon.close()
    expect(record?.installed).toMatchObject({ profile: 'a' })
    expect(events()[0]).toMatchObject({ event: 'state.notice', level: 'warn' })
    expect(existsSync(`${folder}/data/state.json.migrated`)).toBe(true)
  })

  it('refuses a data folder that another daemon has, names that one, and leaves it alone', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/x': '' })
    const ports = 'http: { port: 0 }, tftp: { port: 0 }'
    const { daemon } = await start(ports, folder)
    const file = readFileSync(`${folder}/data/daemon.json`, 'utf8')
    await expect(start(ports, folder)).rejects.toThrow(
      new RegExp(`in use by process ${process.pid} .*--data-dir`),
    )
    expect(readFileSync(`${folder}/data/daemon.json`, 'utf8')).toBe(file)
    await daemon.close()
    await (await start(ports, folder)).daemon.close()
  })

  it('names who holds a port, and starts nothing', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/x': '' })
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const bound = holder.address()
    const port = typeof bound === 'object' && bound ? bound.port : 0
    const refused = start(`http: { port: ${port} }, tftp: { port: 0 }`, folder)
    await expect(refused).rejects.toThrow(
      new RegExp(`TCP 127.0.0.1:${port} for HTTP is in use by \\S+ \\(pid ${process.pid}\\)`),
    )
    holder.close()
    await once(holder, 'close')
  })
})

describe('SIGHUP', () => {
  it('before there is anything to reload leads to one reload, later ones to one each', () => {
    const before = process.listeners('SIGHUP')
    const hangups = catchHangups()
    onTestFinished(() => {
      for (const each of process.listeners('SIGHUP'))
        if (!before.includes(each)) process.off('SIGHUP', each)
    })
    let reloads = 0
    process.emit('SIGHUP')
    process.emit('SIGHUP')
    hangups.handle(() => reloads++)
    expect(reloads).toBe(1)
    process.emit('SIGHUP')
    process.emit('SIGHUP')
    expect(reloads).toBe(3)
  })

  it('reloads a daemon that has just said that it is ready', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, {
      'x.kpxe': 'x',
      'boot.yaml':
        'ipxe: { bios: x.kpxe }\nserver: { dhcp: { enabled: false }, http: { port: 0 }, tftp: { port: 0 } }',
    })
    const cli = new URL('../src/cli.ts', import.meta.url).pathname
    const options = ['--interface', 'lo', '--address', '127.0.0.1', '--data-dir', `${folder}/data`]
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=@bootwire/source', cli, 'serve', ...options].concat(
        '--log=json',
        `--config=${folder}/boot.yaml`,
      ),
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    const events: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      const { event }: { event: string } = JSON.parse(line)
      events.push(event)
      if (event === 'ready') child.kill('SIGHUP')
      if (event === 'config.reloaded') child.kill('SIGTERM')
    }
    expect(events).toEqual(['ready', 'config.reloaded', 'stopping'])
    expect(await ended).toEqual([0, null])
  }, 60_000)
})

describe('a port that cannot be bound', () => {
  it('for want of a right tells the ways out in one line', () => {
    const denied = Object.assign(new Error('bind EACCES'), { code: 'EACCES' })
    const { code, message } = bindError(
      new Error('wrapped', { cause: denied }),
      'TFTP',
      'udp',
      '10.0.0.5',
      69,
    )
    expect(code).toBe('ERR_SERVER_PRIVILEGE')
    expect(message).toMatch(/^no right to bind UDP 10\.0\.0\.5:69 .*root.*setcap.*systemd/)
    expect(message).not.toContain('\n')
  })
})

describe('the network to serve', () => {
  const eth0 = { interface: 'eth0', address: '10.0.0.5' }
  const eth1 = { interface: 'eth1', address: '10.1.0.5' }
  const docker = { interface: 'docker0', address: '172.17.0.1' }

  it('is the only real one', () => {
    expect(chooseInterface({}, [eth0, docker])).toEqual({ ok: true, ...eth0 })
    expect(chooseInterface({}, [docker])).toEqual({ ok: true, ...docker })
  })

  it('has to be named where there are several, and the choices are listed', () => {
    const choice = chooseInterface({}, [eth0, eth1])
    expect(choice).toMatchObject({ ok: false })
    expect(JSON.stringify(choice)).toContain('--interface eth1 --address 10.1.0.5')
    expect(chooseInterface({ interface: 'eth1' }, [eth0, eth1])).toEqual({ ok: true, ...eth1 })
    expect(chooseInterface({ interface: 'eth9' }, [eth0])).toMatchObject({ ok: false })
  })
})
