import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

import { EtcdStore, type EtcdOptions } from '../../src/state/etcd/etcd-store.ts'
import { announce, replicasOf } from '../../src/state/etcd/presence.ts'
import { countScript, takeReport } from '../../src/state/run.ts'
import { temporaryFolder } from '../support.ts'
import { describeStore } from './conformance.ts'
import { EtcdCluster } from './etcd-cluster.ts'
import { boot, record } from './records.ts'

let cluster: EtcdCluster
beforeAll(async () => {
  cluster = await EtcdCluster.start(3)
})
afterAll(() => cluster.close())

let prefixes = 0
const newPrefix = () => `test-${++prefixes}`

const open = async (options: Partial<EtcdOptions> = {}): Promise<EtcdStore> => {
  const store = await EtcdStore.open({
    endpoints: cluster.endpoints,
    prefix: newPrefix(),
    ...options,
  })
  onTestFinished(() => store.close())
  return store
}

describeStore('etcd, three nodes', () => open())

describe('the state in etcd', () => {
  it('is one for several servers that start at once: one key, one record for one machine', async () => {
    const prefix = newPrefix()
    const stores = await Promise.all([open({ prefix }), open({ prefix }), open({ prefix })])
    const keys = await Promise.all(stores.map((store) => store.keys()))
    expect(keys[1]).toEqual(keys[0])
    expect(keys[2]).toEqual(keys[0])
    const answers = await Promise.all(
      stores.map((store, i) =>
        countScript(store, boot(1, { mark: { number: 1, nonce: `r${i}` } })),
      ),
    )
    expect(answers.filter(({ kind }) => kind === 'boot')).toHaveLength(1)
    const [stored] = await stores[2].find(['mac:52:54:00:00:00:01'])
    const claims = { machine: stored?.record.id ?? '', installation: 1, boot: 1 }
    await takeReport(stores[1], { claims, status: 'done', noted: { timeMs: 1 } })
    const next = await countScript(stores[0], boot(2))
    expect(next).toMatchObject({ kind: 'boot', plan: { kind: 'disk', cause: 'installed' } })
    await expect
      .poll(() => stores[2].peek(['mac:52:54:00:00:00:01'])[0]?.record.installed, {
        timeout: 5000,
      })
      .toBeDefined()
  })

  it('goes on when the leader is killed in the midst of 200 boots, and none is lost', async () => {
    const store = await open({ callMs: 20_000 })
    const bootOf = (i: number) =>
      countScript(
        store,
        boot(1, { facts: { macs: [`52:54:00:00:01:${i.toString(16).padStart(2, '0')}`] } }),
      )
    const first = Array.from({ length: 100 }, (_, i) => bootOf(i))
    const leader = await cluster.leader()
    await cluster.kill(leader)
    const second = Array.from({ length: 100 }, (_, i) => bootOf(100 + i))
    const answers = await Promise.all([...first, ...second])
    await cluster.restart(leader)
    // An answer that was lost makes the same fetch twice: it is asked again, and still one boot.
    expect(answers.every(({ kind }) => kind === 'boot')).toBe(true)
    for (const answer of answers) {
      if (answer.kind !== 'boot') continue
      const stored = await store.get(answer.record!.id)
      expect(stored?.record).toMatchObject({ boots: 1, installations: 1 })
    }
  })

  it('hears what happened while its watch was cut', async () => {
    const prefix = newPrefix()
    const [one, two] = [
      await open({ prefix, endpoints: [cluster.endpoints[0]!] }),
      await open({ prefix, endpoints: [cluster.endpoints[1]!] }),
    ]
    await cluster.kill(0)
    await two.commit([{ after: record('a', ['name:a'], { boots: 4 }) }])
    expect(one.peek(['name:a'])).toEqual([])
    await cluster.restart(0)
    await expect.poll(() => one.peek(['name:a'])[0]?.record.boots, { timeout: 20_000 }).toBe(4)
  })

  it('answers from a node that lives when another neither answers nor is gone', async () => {
    const store = await open({ tryMs: 500 })
    cluster.freeze(0, true)
    onTestFinished(() => cluster.freeze(0, false))
    for (let i = 0; i < 6; i++)
      expect(await store.commit([{ after: record(`f${i}`, []) }])).toBe(true)
  })

  it('knows which servers are there, while they are', async () => {
    const store = await open()
    const presence = await announce(store, 'web-a', 'http://10.0.0.5:8080')
    expect(await replicasOf(store)).toEqual(new Map([['web-a', 'http://10.0.0.5:8080']]))
    await presence.close()
    expect(await replicasOf(store)).toEqual(new Map())
  })

  it('says in one sentence that etcd is away, slow, no etcd, of another cluster or of another version', async () => {
    const away = EtcdStore.open({ endpoints: ['http://127.0.0.1:9'], callMs: 300 })
    await expect(away).rejects.toMatchObject({ reason: 'BW-STATE-AWAY' })
    await expect(away).rejects.toThrow(
      /^etcd at http:\/\/127\.0\.0\.1:9 does not answer: .*; start it, or correct/,
    )
    const other = await EtcdCluster.start(1)
    onTestFinished(() => other.close())
    const wrong = EtcdStore.open({ endpoints: other.endpoints, cluster: (await open()).cluster! })
    await expect(wrong).rejects.toMatchObject({ reason: 'BW-STATE-CLUSTER' })
    other.freeze(0, true)
    const slow = EtcdStore.open({ endpoints: other.endpoints, tryMs: 200, callMs: 500 })
    await expect(slow).rejects.toThrow(/does not answer: no answer within \d+ ms/)
    other.freeze(0, false)
    const prefix = newPrefix()
    await fetch(`${cluster.endpoints[0]}/v3/kv/put`, {
      method: 'POST',
      body: JSON.stringify({ key: btoa(`${prefix}/format`), value: btoa('7') }),
    })
    await expect(open({ prefix })).rejects.toThrow(
      /version 7 of the state, and this Bootwire reads version 1/,
    )
  })

  it('is reached by TLS with a certificate of its own, and by no other', async () => {
    const folder = temporaryFolder()
    const openssl = (...args: readonly string[]) =>
      execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
    const made = (name: string) => join(folder, name)
    const text = (name: string) => readFileSync(made(name), 'utf8')
    for (const ca of ['ca', 'stranger'])
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${ca}`,
        '-keyout',
        `${ca}.key`,
        '-out',
        `${ca}.crt`,
      )
    writeFileSync(
      made('ext'),
      'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n',
    )
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=etcd',
      '-keyout',
      'node.key',
      '-out',
      'node.csr',
    )
    openssl(
      'x509',
      '-req',
      '-in',
      'node.csr',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'ext',
      '-out',
      'node.crt',
    )
    const secure = await EtcdCluster.start(1, {
      cert: made('node.crt'),
      key: made('node.key'),
      ca: made('ca.crt'),
    })
    onTestFinished(() => secure.close())
    const { endpoints } = secure
    const trusted = { ca: text('ca.crt'), cert: text('node.crt'), key: text('node.key') }
    const store = await open({ endpoints, tls: trusted, callMs: 20_000 })
    expect(await store.commit([{ after: record('a', ['name:a']) }])).toBe(true)
    for (const tls of [{}, { ca: text('stranger.crt') }, { ca: text('ca.crt') }]) {
      const refused = EtcdStore.open({ endpoints, tls, callMs: 3000 })
      await expect(refused).rejects.toMatchObject({ reason: 'BW-STATE-TLS' })
    }
  })
})
