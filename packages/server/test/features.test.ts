import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { startDaemon } from '../src/daemon/daemon.ts'
import { activate, loadText } from '../src/load/load.ts'
import { EventLog } from '../src/log/event-log.ts'
import { CORE_CLAIMS } from '../src/seam/core-claims.ts'
import { defineFeature, type FeatureRow } from '../src/seam/feature.ts'
import { clashesOf } from '../src/seam/route.ts'
import { askSocket, IPXE, temporaryFolder } from './support.ts'

/** A feature as anybody would write one: counts boots, shows them, and takes notes. */
const made = () => {
  const told = { loads: 0, started: '', stopped: false }
  const counter = defineFeature({
    schema: z.strictObject({ title: z.string(), path: z.string().optional() }),
    open: ({ title, path = '/count' }) => {
      let boots = 0
      return {
        check: ({ report }) => {
          if (title === 'bad') report(['title'], 'this title is taken')
        },
        hears: {
          'http.script': () => void boots++,
          'http.answer': () => {
            throw new Error('no such luck')
          },
        },
        panels: [{ title, columns: ['boots'], rows: () => [[String(boots)]] }],
        routes: [
          { door: 'boot', path, handle: () => ({ json: { boots } }) },
          {
            door: 'admin',
            path: '/notes/:note',
            methods: ['POST'],
            body: true,
            handle: ({ params, body }) => ({
              status: 201,
              body: `${params['note']}: ${body.toString()}`,
            }),
          },
        ],
        start: ({ folder }) => void (told.started = folder()),
        stop: () => void (told.stopped = true),
      }
    },
  })
  const rows: readonly FeatureRow[] = [
    {
      name: 'counter',
      key: 'counter',
      load: async () => {
        told.loads++
        return counter
      },
    },
  ]
  return { told, rows }
}

const load = (text: string, features: readonly FeatureRow[]) =>
  loadText(text, '/nonexistent/boot.yaml', { features })

const issuesOf = async (text: string, features: readonly FeatureRow[]): Promise<string[]> => {
  const loaded = await load(text, features)
  return loaded.ok
    ? []
    : loaded.issues.map(({ line, column, message }) => `${line}:${column}: ${message}`)
}

const YAML = 'server: { dhcp: { enabled: false }, tftp: { port: 0 }, http: { port: 0 } }\n'

const serve = async (text: string, features: readonly FeatureRow[]) => {
  const loaded = await load(YAML + text, features)
  if (!loaded.ok) throw new Error(loaded.issues[0]?.message)
  const log = new EventLog()
  const daemon = await startDaemon({
    configuration: await activate(loaded),
    interfaces: [{ interface: 'lo', address: '127.0.0.1' }],
    data: temporaryFolder(),
    ipxe: IPXE,
    log,
    features,
  })
  return { daemon, log }
}

describe('a feature', () => {
  it('is loaded only where its key is configured', async () => {
    const { told, rows } = made()
    expect(await issuesOf('vars: {}', rows)).toEqual([])
    expect(told.loads).toBe(0)
    expect(await issuesOf('counter: { title: boots }', rows)).toEqual([])
    expect(told.loads).toBe(1)
  })

  it('has its key checked by its schema and by itself, with line, column and a guess', async () => {
    const { rows } = made()
    expect(await issuesOf('vars: {}\ncounter: { titel: boots, title: x }', rows)).toEqual([
      '2:12: unknown key "titel"; did you mean "title"?',
    ])
    expect(await issuesOf('counter: { title: 1 }', rows)).toEqual([
      '1:19: counter.title: saw 1; must be string',
    ])
    expect(await issuesOf('counter: { title: bad }', rows)).toEqual(['1:19: this title is taken'])
    expect(await issuesOf('conter: { title: bad }', rows)).toEqual([
      '1:1: unknown key "conter"; did you mean "counter"?',
    ])
    expect((await issuesOf('counter: { title: x }', []))[0]).toContain('unknown key "counter"')
  })

  it('answers its routes, hears events, shows panels, starts and stops with the daemon', async () => {
    const { told, rows } = made()
    const { daemon, log } = await serve('counter: { title: Boots }', rows)
    expect(told.started).toMatch(/features\/counter$/)
    await fetch(`${daemon.base}/script?mac=52:54:00:00:00:01`)
    expect(await (await fetch(`${daemon.base}/count`)).json()).toEqual({ boots: 1 })
    const post = { method: 'POST', body: 'hello' }
    const note = await askSocket(daemon.admin.socket, '/notes/a%2Fb', post)
    expect(note).toEqual({ status: 201, body: 'a/b: hello' })
    const status = await askSocket(daemon.admin.socket, '/status')
    expect(JSON.parse(status.body)).toMatchObject({
      panels: [{ title: 'Boots', columns: ['boots'], rows: [['1']] }],
    })
    const warnings: unknown[] = []
    log.subscribe(({ event, ...fields }) => event === 'warning' && warnings.push(fields['why']))
    expect((await fetch(`${daemon.base}/answers/52:54:00:00:00:01/x`)).status).toBe(404)
    expect(warnings).toEqual(['no such luck'])
    await daemon.close()
    expect(told.stopped).toBe(true)
  })

  it.each(['/script', '/assets/secret', '/machines/all/list', '/:anything', '/*'])(
    'may not claim %s, which the core answers',
    async (path) => {
      const { rows } = made()
      const [issue = ''] = await issuesOf(`counter: { title: x, path: "${path}" }`, rows)
      expect(issue).toContain(`\`counter\` claims ${path}, which the core has claimed as /`)
    },
  )

  it('may not claim what another feature has claimed', async () => {
    const [first] = made().rows
    const [second] = made().rows
    const rows = [first!, { ...second!, name: 'other', key: 'other' }]
    const issues = await issuesOf('counter: { title: x }\nother: { title: y }', rows)
    expect(issues).toHaveLength(2)
    expect(issues[0]).toContain('2:8: `other` claims /count, which `counter` has claimed as /count')
  })
})

describe('the table of routes', () => {
  it('has no path of the core twice', () => {
    const claims = Object.entries(CORE_CLAIMS).map(([owner, claim]) => ({ ...claim, owner }))
    expect(clashesOf(claims)).toEqual([])
  })

  it.each([
    ['/a', '/a', true],
    ['/a', '/b', false],
    ['/a/:x', '/a/b', true],
    ['/a/:x/c', '/a/b/:y', true],
    ['/a/:x/c', '/a/b/d', false],
    ['/a/*', '/a/b/c', true],
    ['/a/*', '/b/c', false],
    ['/a', '/a/b', false],
    ['/', '/a', false],
  ])('says of %s and %s whether one path can be meant by both', (a, b, both) => {
    const claims = [
      { door: 'boot' as const, path: a, owner: 'one' },
      { door: 'admin' as const, path: b, owner: 'two' },
    ]
    expect(clashesOf(claims).length > 0).toBe(both)
    expect(clashesOf(claims.toReversed()).length > 0).toBe(both)
  })
})
