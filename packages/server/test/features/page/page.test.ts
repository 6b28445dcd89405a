import { describe, expect, it, onTestFinished } from 'vitest'

import { FEATURES } from '../../../src/features/index.ts'
import { Sessions, SESSION_LIMITS } from '../../../src/features/page/sessions.ts'
import { createAdminApp } from '../../../src/http/admin/app.ts'
import { openFeatures } from '../../../src/seam/registry.ts'
import { bootwire } from '../../run-command.ts'
import { problems, serviceFor, temporaryFolder, writeFiles } from '../../support.ts'

const TOKEN = 'b'.repeat(32)
const YAML = `
server: { admin: { listen: "127.0.0.1:8081", tokens: { ci: { file: doer, scopes: [act] } } } }
profiles: { a: { chain: "http://h/a" } }
machines: { m: { mac: "52:54:00:00:00:01", profile: a } }`

type Asked = Readonly<Record<string, string>>

const door = async () => {
  const folder = temporaryFolder()
  writeFiles(folder, { doer: TOKEN })
  const made = await serviceFor(YAML, { folder })
  const features = await openFeatures(FEATURES, { page: {} })
  for (const { start } of features)
    await start?.({ service: made.service, folder: () => folder, panels: () => [] })
  const app = createAdminApp(made.service, features, 'tcp')
  onTestFinished(() => app.close())
  const get = (url: string, headers: Asked = {}) =>
    app.inject({ url, headers: { host: '127.0.0.1:8081', ...headers } })
  const post = (url: string, headers: Asked, payload = '') =>
    app.inject({
      method: 'POST',
      url,
      headers: {
        host: '127.0.0.1:8081',
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      payload,
    })
  const link = async () => {
    const answer = await post('/page/link', { authorization: `Bearer ${TOKEN}` })
    return new URL(answer.json<{ url: string }>().url)
  }
  const login = async () => {
    const { pathname, search } = await link()
    const cookie = (await get(pathname + search)).cookies[0]
    return `${cookie?.name}=${cookie?.value}`
  }
  return { ...made, get, post, link, login }
}

const HOLD = '/page/machines/52:54:00:00:00:01/hold'

describe('a link to the page', () => {
  it('opens a session once, in a cookie that no script reads and no other site sends', async () => {
    const { get, link } = await door()
    const { origin, pathname, search } = await link()
    expect(origin).toBe('http://127.0.0.1:8081')
    const opened = await get(pathname + search)
    expect(opened.statusCode).toBe(200)
    expect(opened.headers['set-cookie']).toMatch(/; Path=\/page; HttpOnly; SameSite=Strict$/)
    const again = await get(pathname + search)
    expect([again.statusCode, again.headers['set-cookie']]).toEqual([403, undefined])
  })

  it('is given to a token that may act, and to nobody else', async () => {
    const { post, login } = await door()
    expect((await post('/page/link', {})).statusCode).toBe(401)
    expect((await post('/page/link', { cookie: await login() })).statusCode).toBe(401)
  })

  it.each(['', 'a', 'A'.repeat(43), '../open', '%00'])('is not guessed as %j', async (code) => {
    const { get, link } = await door()
    await link()
    expect((await get(`/page/open?code=${code}`)).statusCode).toBe(403)
  })

  it('is too old after ten minutes, and a session after twelve idle hours', () => {
    let made = 0
    const sessions = new Sessions(() => `secret-${made++}`)
    const { codeLifeMs, idleMs } = SESSION_LIMITS
    expect(sessions.redeem(sessions.newCode('ann', 0), codeLifeMs)).toBeUndefined()
    const secret = sessions.redeem(sessions.newCode('ann', 0), codeLifeMs - 1) ?? ''
    expect(sessions.use(secret, codeLifeMs + idleMs - 2)).toMatchObject({ asker: 'ann' })
    expect(sessions.use(secret, codeLifeMs + 2 * idleMs)).toBeUndefined()
    expect(sessions.use(secret, codeLifeMs)).toBeUndefined()
  })

  it('pushes out the oldest where more are asked for than are kept', () => {
    let made = 0
    const sessions = new Sessions(() => `secret-${made++}`)
    const first = sessions.newCode('ann', 0)
    for (let i = 0; i < SESSION_LIMITS.codes; i++) sessions.newCode('bob', 0)
    expect(sessions.redeem(first, 1)).toBeUndefined()
  })
})

describe('the page', () => {
  it('is shown to a session alone, with nothing that may run', async () => {
    const { get, login } = await door()
    const stranger = await get('/page')
    expect([stranger.statusCode, stranger.body]).toEqual([
      401,
      expect.stringContaining('run `bootwire page`'),
    ])
    expect((await get('/page', { cookie: 'bootwire-page=guess' })).statusCode).toBe(401)
    const shown = await get('/page', { cookie: await login() })
    expect([shown.statusCode, shown.body]).toEqual([200, expect.stringContaining('<h1>Now</h1>')])
    expect(shown.headers['content-security-policy']).toMatch(/^default-src 'none';/)
  })

  it('gives its session no right to the rest of the door', async () => {
    const { get, post, login } = await door()
    const cookie = await login()
    expect((await get('/status', { cookie })).statusCode).toBe(401)
    expect((await post('/machines/m/forget', { cookie })).statusCode).toBe(401)
  })

  it('is not shown under a foreign name or to a foreign page', async () => {
    const { get, login } = await door()
    const cookie = await login()
    expect((await get('/page', { cookie, host: 'evil.example' })).statusCode).toBe(421)
    expect((await get('/page', { cookie, origin: 'http://evil.example' })).statusCode).toBe(403)
  })

  it('shows what machines call themselves as text', async () => {
    const { get, login, service } = await door()
    const session = service.sessions.touch('52:54:00:00:00:01', 'script')
    session.profile = '<script>alert(1)</script>'
    session.why = 'said "\u202Egnp.exe\u0007" & <img src=x onerror=alert(1)>'
    const { body } = await get('/page', { cookie: await login() })
    for (const raw of ['<script', '<img', '\u0007', '\u202E']) expect(body).not.toContain(raw)
    expect(body).toContain('&lt;script>alert(1)')
    expect(body).toContain('\\u202egnp.exe\\u0007')
  })
})

describe('a change on the page', () => {
  it('is done for a form of the session, and names who asked', async () => {
    const { get, post, login, service, events } = await door()
    service.sessions.touch('52:54:00:00:00:01', 'script')
    const cookie = await login()
    const csrf = /name="bootwire-csrf" value="([\w-]+)"/.exec(
      (await get('/page', { cookie })).body,
    )?.[1]
    const done = await post(HOLD, { cookie }, `bootwire-csrf=${csrf}`)
    expect([done.statusCode, done.headers['location']]).toEqual([303, '/page'])
    expect(events.at(-1)).toMatchObject({ action: 'hold', done: true, by: 'token ci, on the page' })
    for (const foreign of [
      { origin: 'http://127.0.0.1:8080' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect((await post(HOLD, { cookie, ...foreign }, `bootwire-csrf=${csrf}`)).statusCode).toBe(
        403,
      )
    const erasing = HOLD.replace('hold', 'install')
    // A machine that is released may install.
    for (const path of [erasing, HOLD.replace('hold', 'release')])
      expect((await post(path, { cookie }, `bootwire-csrf=${csrf}`)).statusCode).toBe(404)
    const { body } = await get('/page', { cookie })
    expect(body).toContain('bootwire hold 52:54:00:00:00:01 --release')
  })

  it.each(['', 'bootwire-csrf=', 'bootwire-csrf=guess'])('is refused with %j', async (body) => {
    const { post, login, events } = await door()
    expect((await post(HOLD, { cookie: await login() }, body)).statusCode).toBe(403)
    expect(events).not.toContainEqual(expect.objectContaining({ event: 'machine.order' }))
  })

  it('is refused with the proof of another session', async () => {
    const { get, post, login, service } = await door()
    service.sessions.touch('52:54:00:00:00:01', 'script')
    const { body } = await get('/page', { cookie: await login() })
    const csrf = /name="bootwire-csrf" value="([\w-]+)"/.exec(body)?.[1] ?? ''
    expect(csrf).not.toBe('')
    const refused = await post(HOLD, { cookie: await login() }, `bootwire-csrf=${csrf}`)
    expect(refused.statusCode).toBe(403)
  })
})

it('lets the admin door listen without tokens where there is a page', async () => {
  const listen = 'server: { admin: { listen: "127.0.0.1:8081" } }'
  expect((await problems(listen)).join('\n')).toContain('without `tokens` or `page`')
  const folder = temporaryFolder()
  writeFiles(folder, { 'bootwire.yaml': `${listen}\npage: {}\n` })
  const { code, out } = await bootwire('check', `${folder}/bootwire.yaml`)
  expect([code, out]).toEqual([0, expect.not.stringContaining('nobody can use')])
  writeFiles(folder, { 'bootwire.yaml': `${listen}\npage: { live: true }\n` })
  const wrong = await bootwire('check', `${folder}/bootwire.yaml`)
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringMatching(/^\S+ unknown key "live".*\n$/),
  ])
})
