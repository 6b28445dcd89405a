import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import type { Site } from '../../src/index.ts'
import { isHit, openBed, squidAddress, type Bed } from './bed.ts'
import { RELEASE } from './release.ts'

const openssl = (folder: string, ...args: string[]): void =>
  void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })

/** A certificate of the test's own authority. */
const issue = (folder: string, name: string, host: string, ca: string, days: string): void => {
  openssl(
    folder,
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${host}`,
  )
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${host}\n`)
  openssl(
    folder,
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${ca}.pem`,
    '-CAkey',
    `${ca}.key`,
    '-CAcreateserial',
    '-out',
    `${name}.pem`,
    '-days',
    days,
    '-extfile',
    `${name}.ext`,
  )
}

const makeCa = (folder: string, name: string): void =>
  openssl(
    folder,
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    '-days',
    '10',
    '-subj',
    `/CN=${name}`,
  )

const site = (name: string): Site => ({
  host: `${name}.cache.lan`,
  repository: 'debian',
  origin: `https://${name}.example/debian`,
})

const SITES = ['good', 'wrong', 'unknown', 'expired']

describeSystem('https origins of Squid with OpenSSL, nginx with TLS 1.3', () => {
  let bed: Bed
  let folder: string
  let parsed: readonly string[]
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-tls-'))
    chmodSync(folder, 0o755)
    makeCa(folder, 'ca')
    makeCa(folder, 'stranger')
    issue(folder, 'good', 'good.example', 'ca', '5')
    issue(folder, 'wrong', 'other.example', 'ca', '5')
    issue(folder, 'unknown', 'unknown.example', 'stranger', '5')
    issue(folder, 'expired', 'expired.example', 'ca', '-1')
    mkdirSync(join(folder, 'web/debian/pool/main/b'), { recursive: true })
    writeFileSync(join(folder, 'web/debian/pool/main/b/bash_1-1_amd64.deb'), 'x'.repeat(3000))
    execFileSync('chmod', ['-R', 'a+rX', folder])
    const servers = SITES.map(
      (name) =>
        `server { listen 10.79.0.3:443 ssl; server_name ${name}.example; ssl_certificate ${folder}/${name}.pem; ssl_certificate_key ${folder}/${name}.key; ssl_protocols TLSv1.3; root ${folder}/web; }`,
    ).join('\n')
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}
http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
${servers} }`,
    )
    bed = await openBed(SITES.map((name) => `10.79.0.3 ${name}.example`))
    bed.spawn('nginx', '-c', join(folder, 'nginx.conf'))
    const squid = await bed.startSquid(
      0,
      {
        use: ['debian'],
        cache: {
          storage: 'memory',
          proxy: 'both',
          tls: 'openssl',
          tlsCaFile: join(folder, 'ca.pem'),
          sites: SITES.map(site),
        },
      },
      undefined,
      RELEASE.command('openssl'),
    )
    // Squid says "Requiring client certificates" of every cafile=, also of one for the servers that it asks.
    parsed = squid.parsed.filter(
      (line) => !/Initializing cache_peer|Requiring client certificates/.test(line),
    )
    await bed.get('http://mirrors.kernel.org/first', { timeoutMs: 40_000 })
  }, 120_000)
  afterAll(async () => {
    await bed.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const get = async (name: string): ReturnType<Bed['get']> =>
    bed.get(`http://${name}.cache.lan/debian/pool/main/b/bash_1-1_amd64.deb`, {
      proxy: `${squidAddress(0)}:80`,
      headers: { 'X-Origin-Form': '1' },
    })

  it('starts from a configuration that Squid reads without an unexpected word', () => {
    expect(parsed).toEqual([])
  })

  it.each([
    ['wrong', 'a certificate for another name'],
    ['unknown', 'a certificate of an authority that nobody named'],
    ['expired', 'a certificate that has expired'],
  ])('refuses %s: %s', async (name) => {
    const { status } = await get(name)
    expect([502, 503]).toContain(status)
  })

  it('fetches from an origin whose certificate is right, once for all', async () => {
    const first = await get('good')
    expect([first.status, first.bytes]).toEqual([200, 3000])
    const second = await bed.get('http://mirrors.kernel.org/debian/pool/main/b/bash_1-1_amd64.deb')
    expect([second.bytes, isHit(second)]).toEqual([3000, true])
  })
})
