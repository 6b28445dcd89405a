import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it, vi } from 'vitest'

import { Reloader } from '../src/daemon/reload.ts'
import { createHttpApp } from '../src/http/app.ts'
import { activate, loadText, type LoadOptions } from '../src/load/load.ts'
import type { ThreadLoaded } from '../src/load/thread.ts'
import { done, known, profileOf } from './life-cycle-kit.ts'
import { boots as bootsOf, serviceFor } from './support.ts'

const MAC = '52:54:00:00:00:01'
const yaml = (profile: string): string => `
profiles: { a: { chain: "http://h/a" }, b: { chain: "http://h/b" } }
machines: { m: { mac: "${MAC}", profile: ${profile} } }`

/** What the loading thread does, in this one. */
const loadHere = (texts: readonly string[]) => {
  let next = 0
  return async (file = '', options: LoadOptions = {}): Promise<ThreadLoaded> => {
    const loaded = await loadText(texts[next++] ?? '', file, options)
    return loaded.ok ? { ok: true, configuration: await activate(loaded) } : loaded
  }
}

const reloaderFor = async (...texts: string[]) => reloaderFrom(yaml('a'), texts)

const reloaderFrom = async (first: string, texts: readonly string[]) => {
  const made = await serviceFor(first)
  const { service } = made
  const reloader = new Reloader({
    file: join(made.folder, 'boot.yaml'),
    service,
    overrides: {},
    ipxeFolders: [],
    load: loadHere(texts),
    watchMs: 5,
    retryMs: 20,
  })
  const boots = async () => (await service.script({ mac: MAC }, '10.0.0.7')).profile?.name
  return { ...made, reloader, boots }
}

describe('a reload', () => {
  it('changes what the next boot gets', async () => {
    const { reloader, boots, events } = await reloaderFor(yaml('b'))
    expect(await boots()).toBe('a')
    expect(await reloader.reload()).toBe(true)
    expect(await boots()).toBe('b')
    expect(events.some(({ event }) => event === 'config.reloaded')).toBe(true)
  })

  it('that fails keeps the configuration in force, and says so in log and status', async () => {
    const { reloader, boots, events, service } = await reloaderFor('profiles: { a: 1 }')
    expect(await reloader.reload()).toBe(false)
    expect(await boots()).toBe('a')
    expect(events.find(({ event }) => event === 'config.rejected')?.['count']).toBe(1)
    expect(service.loadStatus.rejected?.problems[0]).toContain('boot.yaml:1:')
  })

  it('that fails is told by /readyz until the file is good again', async () => {
    const { reloader, service } = await reloaderFor('profiles: { a: 1, b: 1 }', yaml('b'))
    const app = createHttpApp(service)
    const ready = async () => {
      const { statusCode, body } = await app.inject('/readyz')
      return { statusCode, body }
    }
    expect(await ready()).toEqual({ statusCode: 200, body: 'ready\n' })
    await reloader.reload()
    const { statusCode, body } = await ready()
    expect(statusCode).toBe(200)
    expect(body).toMatch(
      /^ready\nthe configuration of \d\d:\d\d UTC is served; the change of \d\d:\d\d UTC was refused:\n {2}\S+boot.yaml:1:16: .*\n {2}and 1 more; bootwire check lists them\n$/,
    )
    await reloader.reload()
    expect(await ready()).toEqual({ statusCode: 200, body: 'ready\n' })
    await app.close()
  })

  it('says which changes need a restart, and does not make them', async () => {
    const { reloader, service, events } = await reloaderFor(
      `server: { http: { port: 9999 }, tftp: { port: 6969 } }\n${yaml('b')}`,
    )
    await reloader.reload()
    expect(service.configuration.server.http.port).toBe(8080)
    expect(service.loadStatus.restartNeeded).toEqual(['server.tftp', 'server.http'])
    expect(events.some(({ event }) => event === 'config.restart-needed')).toBe(true)
  })

  it('takes what the command line says for what the file says', async () => {
    const { service, folder } = await serviceFor(yaml('a'))
    const overrides = { tftpPort: 69, httpPort: 8080 }
    const load = loadHere([`server: { http: { port: 9999 }, tftp: { port: 6969 } }\n${yaml('b')}`])
    const file = join(folder, 'boot.yaml')
    await new Reloader({ file, service, overrides, ipxeFolders: [], load }).reload()
    expect(service.loadStatus.restartNeeded).toEqual([])
  })

  it('whose script module cannot be loaded changes nothing of what the status says is in force', async () => {
    const { reloader, boots, service, folder, events } = await reloaderFor(
      'profiles: { a: 1 }',
      `server: { tftp: { port: 6969 } }\nprofiles: { b: { module: b.mjs } }`,
    )
    writeFileSync(join(folder, 'b.mjs'), 'throw new Error("no such luck")')
    await reloader.reload()
    const { loadedAt } = service.loadStatus
    expect(await reloader.reload()).toBe(false)
    expect(await boots()).toBe('a')
    expect(service.loadStatus).toMatchObject({ loadedAt, restartNeeded: [] })
    expect(service.loadStatus.rejected?.problems[0]).toContain('b.mjs')
    expect(events.some(({ event }) => event === 'config.restart-needed')).toBe(false)
  })

  it('asked for while one is running happens once more after it, and tells how that ended', async () => {
    const { reloader, boots, events } = await reloaderFor('profiles: { a: 1 }', yaml('b'))
    const asked = [reloader.reload(), reloader.reload(), reloader.reload()]
    expect(await Promise.all(asked)).toEqual([false, true, true])
    expect(await boots()).toBe('b')
    expect(events.filter(({ event }) => event.startsWith('config.'))).toHaveLength(2)
  })

  it('is never made beside another, whenever it is asked for', async () => {
    const texts = ['b', 'a', 'b', 'a', 'b', 'a', 'b', 'a'].map(yaml)
    const { folder, service } = await serviceFor(yaml('a'))
    const load = loadHere(texts)
    let [loading, most] = [0, 0]
    const reloader = new Reloader({
      file: join(folder, 'boot.yaml'),
      service,
      overrides: {},
      ipxeFolders: [],
      load: async (file) => {
        most = Math.max(most, ++loading)
        const loaded = await load(file)
        loading--
        return loaded
      },
    })
    const again = async (times: number): Promise<boolean> =>
      (await reloader.reload()) && (times === 0 || again(times - 1))
    expect(await Promise.all([again(3), again(2), again(1)])).toEqual([true, true, true])
    expect(most).toBe(1)
  })
})

describe('the loading thread', () => {
  it('hands over what loading here gives', async () => {
    const { loadInThread } = await import('../src/load/thread.ts')
    const { folder } = await serviceFor('')
    const file = join(folder, 'boot.yaml')
    writeFileSync(file, yaml('b'))
    const loaded = await loadInThread(file)
    expect(loaded.ok && loaded.configuration.rules.size).toBe(1)
    writeFileSync(file, 'foo: 1')
    expect(await loadInThread(file)).toMatchObject({ ok: false, issues: [{ line: 1, column: 1 }] })
  }, 30_000)
})

const withId = (id: string, allow = ''): string => `
server: { ${allow} }
profiles: { a: { kernel: "http://h/k", args: "{{ report.done }}", once: { id: ${id} } } }
machines: { web1: { mac: "${MAC}", profile: a } }`

describe('a reload that changes the id of an installation', () => {
  it('stays out of force, naming the machines, until the file allows so many', async () => {
    const texts = [withId('two'), withId('two', 'allowReinstall: 1')]
    const { reloader, ...made } = await reloaderFrom(withId('one'), texts)
    await done(made, (await bootsOf(made, known)).text)
    expect(await reloader.reload()).toBe(false)
    expect(made.service.loadStatus.rejected?.problems).toEqual([
      'changed `once: { id }` would install 1 installed machines again (web1), and server.allowReinstall allows 0; write allowReinstall: 1, or put the ids back',
    ])
    expect(await profileOf(made)).toBe('local')
    expect(await reloader.reload()).toBe(true)
    expect(await profileOf(made)).toBe('a')
  })
})

describe('a reload that was refused for a missing file', () => {
  it('is tried again by itself, and told once, until the file is there', async () => {
    const missing = 'assets: gone'
    const { reloader, events, boots } = await reloaderFor(missing, missing, yaml('b'))
    await reloader.watch()
    await reloader.reload()
    const rejected = () => events.filter(({ event }) => event === 'config.rejected').length
    expect(rejected()).toBe(1)
    await vi.waitFor(async () => expect(await boots()).toBe('b'))
    expect(rejected()).toBe(1)
    reloader.close()
  })
})
