import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { forThisHost, generate } from '@bootwire/squid-rules'
import { describe, expect, it } from 'vitest'

import { openConfiguration } from '../../../src/index.ts'
import { bootwire } from '../../run-command.ts'
import { temporaryFolder, writeFiles } from '../../support.ts'

const withSquid = (squid: string): { folder: string; file: string; out: string } => {
  const folder = temporaryFolder()
  writeFiles(folder, { 'boot.yaml': `profiles: { a: { local: true } }\n${squid}` })
  return { folder, file: join(folder, 'boot.yaml'), out: join(folder, 'out') }
}

describe('bootwire squid generate', () => {
  it('writes what the key `squid` says, as the package writes it', async () => {
    const { file, out } = withSquid(
      'squid:\n  use: [debian]\n  cache: { host: cache.lan, port: 3129, clients: [10.0.0.0/8], diskMegabytes: 1000 }\n',
    )
    const { code, out: said, err } = await bootwire('squid', 'generate', file, '--out', out)
    expect(err).toBe('')
    expect(code).toBe(0)
    const options = {
      use: ['debian'],
      cache: { host: 'cache.lan', port: 3129, clients: ['10.0.0.0/8'], diskMegabytes: 1000 },
    }
    const { files } = generate(forThisHost(options, out, () => {}))
    expect(said.trim().split('\n')).toHaveLength(Object.keys(files).length)
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(join(out, name), 'utf8')).toBe(text)
    expect(readFileSync(join(out, 'squid.conf'), 'utf8')).toContain('http_port 3129')
  })

  it('prints one file, and says which there are', async () => {
    const { file, out } = withSquid('squid: { use: [debian] }\n')
    const one = await bootwire('squid', 'generate', file, '--out', out, '--only', 'squid.conf')
    expect(one.out).toContain('store_id_program')
    expect(existsSync(out)).toBe(false)
    const none = await bootwire('squid', 'generate', file, '--only', 'x')
    expect(none.code).toBe(2)
    expect(none.err).toContain('no file "x"; there are squid.conf')
  })

  it('refuses what it does not know with a sentence', async () => {
    const { file } = withSquid('')
    expect((await bootwire('squid', 'generate', file)).err).toContain('has no key "squid"')
    expect((await bootwire('squid', 'generate', '--only', 'x')).err).toContain('no file "x"')
    const wrong = withSquid('squid: { use: [debain] }\n')
    const refused = await bootwire('squid', 'generate', wrong.file)
    expect(refused.code).toBe(2)
    expect(refused.err).toMatch(/boot\.yaml:2:\d+: .*debain/)
  })
})

describe('a template', () => {
  it('names the cache where the configuration says its host', async () => {
    const { folder, file } = withSquid('')
    const answer = 'd-i mirror/http/proxy string {{ cache.url }}'
    const yaml = (squid: string) =>
      `profiles: { a: { kernel: "http://h/k", answers: { x: { format: preseed, text: "${answer}" } } } }\n` +
      `machines: { m: { mac: "52:54:00:00:00:01", profile: a } }\n${squid}`
    writeFiles(folder, { 'boot.yaml': yaml('squid: { cache: { host: cache.lan } }\n') })
    const opened = await openConfiguration({ file, address: '127.0.0.1', data: join(folder, 'd') })
    try {
      const response = await fetch(`${opened.base}/answers/52-54-00-00-00-01/x`)
      expect(await response.text()).toBe('d-i mirror/http/proxy string http://cache.lan:3128')
    } finally {
      await opened.close()
    }
    writeFiles(folder, { 'boot.yaml': yaml('') })
    expect((await bootwire('check', file)).err).toContain('undefined variable: cache')
  })
})
