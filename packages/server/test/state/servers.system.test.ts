import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { startDaemon, type Daemon } from '../../src/daemon/daemon.ts'
import { activate, loadFile } from '../../src/load/load.ts'
import { EventLog } from '../../src/log/event-log.ts'
import { IPXE, temporaryFolder } from '../support.ts'
import { EtcdCluster } from './etcd-cluster.ts'

let cluster: EtcdCluster
beforeEach(async () => {
  cluster = await EtcdCluster.start(3)
})
afterEach(() => cluster.close())

const stopAll = () => Promise.all(cluster.endpoints.map((_, i) => cluster.kill(i)))

const MAC = '52:54:00:00:00:01'

/** A server of its own host, as far as its files go, that keeps its records in etcd. */
const server = async (): Promise<Daemon> => {
  const folder = temporaryFolder()
  const file = join(folder, 'bootwire.yaml')
  const endpoints = JSON.stringify(cluster.endpoints)
  writeFileSync(
    file,
    `
server:
  dhcp: { enabled: false }
  tftp: { port: 0 }
  http: { port: 0 }
  state: { etcd: { endpoints: ${endpoints}, prefix: site-a } }
profiles:
  install: { kernel: "http://h/k", args: "{{ report.done }}", once: true }
  live: { chain: "http://h/live" }
machines: { web1: { mac: "${MAC}", profile: install } }
groups: [{ name: rest, match: { mac: { prefix: "52:54" } }, profile: live }]`,
  )
  const loaded = await loadFile(file)
  if (!loaded.ok) throw new Error(loaded.issues[0]?.message)
  const daemon = await startDaemon({
    configuration: await activate(loaded),
    interfaces: [{ interface: 'lo', address: '127.0.0.1' }],
    data: join(folder, 'data'),
    ipxe: IPXE,
    log: new EventLog(),
  })
  onTestFinished(() => daemon.close())
  return daemon
}

/** The script that iPXE comes to. */
const boot = async ({ base }: Daemon, mac: string): Promise<string> => {
  let url = `${base}/script?mac=${mac}&final=1`
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each is where the one before led
    const text = await (await fetch(url)).text()
    const [, next] = /^#!ipxe\nchain \S+ \S+ (\S+&sig=\S+)\n$/.exec(text) ?? []
    if (next === undefined) return text
    url = next
  }
}

const reportOf = (text: string): string => /\/report\/\S+\/done/.exec(text)?.[0] ?? ''

describeSystem('servers that share etcd', () => {
  it('take each other’s reports, and go on without it as far as nothing is installed', async () => {
    const [a, b] = [await server(), await server()]
    const first = await boot(a, MAC)
    expect(first).toContain('kernel')
    const report = await fetch(b.base + reportOf(first))
    expect([report.status, await report.text()]).toEqual([200, 'done\n'])
    expect([await boot(a, MAC), await boot(b, MAC)].join('')).not.toContain('kernel')

    await boot(a, '52:54:00:00:00:02')
    await stopAll()
    expect(await boot(a, '52:54:00:00:00:02')).toContain('http://h/live')
    expect(await boot(b, MAC)).toContain('sanboot')
  }, 60_000)

  it('install no machine without it: the console says so and asks again', async () => {
    const daemon = await server()
    await daemon.service.order('web1', 'install', {}, 'ada')
    await stopAll()
    const text = await boot(daemon, MAC)
    expect(text).toContain('[BW-STATE]')
    expect(text).not.toContain('kernel')
  }, 60_000)
})
