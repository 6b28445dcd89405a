import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { Bed, NETWORK } from './bed.ts'
import { Daemon } from './daemon.ts'

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const MAC = '52:54:00:ac:71:03'
const URL_TOLD = `https://${NETWORK.boot}/boot`
const FILE_BYTES = 3_000_000

const CONFIG = `
assets: assets
server:
  http: { url: "${URL_TOLD}", trustedProxies: ["${NETWORK.boot}/32"] }
profiles:
  a: { kernel: vmlinuz, args: "{{ server.url }} {{ answer.ks }}", answers: { ks: { text: "{{ ip }}" } } }
machines: { m: { mac: "${MAC}", profile: a } }`

/** As a manual of nginx has it: TLS, a path of its own, and who asks. */
const nginxConfig = (folder: string): string => `
user root;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen ${NETWORK.boot}:443 ssl;
    ssl_certificate ${folder}/cert.pem;
    ssl_certificate_key ${folder}/key.pem;
    location /boot/ {
      proxy_pass http://${NETWORK.boot}:8080/;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`

describeSystem('behind nginx', () => {
  let bed: Bed
  let daemon: Daemon
  beforeEach(async () => {
    bed = new Bed()
    mkdirSync(join(bed.folder, 'assets'))
    writeFileSync(join(bed.folder, 'assets', 'vmlinuz'), Buffer.alloc(FILE_BYTES, 7))
    const file = join(bed.folder, 'nginx.conf')
    writeFileSync(file, nginxConfig(bed.folder))
    const [key, cert] = [join(bed.folder, 'key.pem'), join(bed.folder, 'cert.pem')]
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=boot.example']
    await bed.run('boot', 'openssl', [...request, '-keyout', key, '-out', cert])
    daemon = await Daemon.start(bed, CONFIG)
    const nginx = bed.spawn('boot', '/usr/sbin/nginx', ['-c', file])
    const patient = ['--retry', '20', '--retry-connrefused', '--retry-delay', '1']
    const isUp = bed.run('main', 'curl', [...patient, '-skf', `${URL_TOLD}/healthz`])
    await Promise.race([isUp, once(nginx, 'close').then(() => Promise.reject(new Error('nginx')))])
  })
  afterEach(() => bed.close())

  const curl = (...args: string[]): Promise<string> => bed.run('main', 'curl', ['-sk', ...args])
  const status = (...args: string[]) => curl('-o', '/dev/null', '-w', '%{http_code}', ...args)
  const asked = () =>
    daemon.events.filter(({ event }) => event === 'http.script').map(({ ip }) => ip)

  it('every link leads through it, and who asks is who asked it', async () => {
    const source = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), CLI]
    const probe = ['dhcp', 'probe', '--as', 'ipxe-x64', '--address', NETWORK.main, '--mac', MAC]
    const words = [process.execPath, ...source, ...probe, '--wait', '2', '--json']
    const told = await bed.run('main', 'sh', ['-c', '"$@" || true', 'sh', ...words])
    const [url = ''] = /https:[^"\s]+\/script\?[^"\s]+/.exec(told) ?? []
    expect(url).toContain(`${URL_TOLD}/script?`)
    const facts = await curl(url.replaceAll(/\\u0026/g, '&'))
    // Where iPXE would tell what it knows, this one knows nothing.
    const [next = ''] = /https:\S+/.exec(facts) ?? []
    const script = await curl(next.replaceAll(/\$\{[^}]*\}/g, ''))
    expect(script).toContain(`${URL_TOLD}/assets/vmlinuz`)
    const [ks = ''] = new RegExp(`${URL_TOLD}/answers/[^\\s]+`).exec(script) ?? []
    expect(await curl(ks)).toBe(NETWORK.main)
    expect((await curl(`${URL_TOLD}/assets/vmlinuz`)).length).toBe(FILE_BYTES)
    expect((await curl('-r', '10-19', `${URL_TOLD}/assets/vmlinuz`)).length).toBe(10)
    expect(asked()).toEqual([NETWORK.main, NETWORK.main])
  })

  it('nobody takes another machine’s address, through it or past it', async () => {
    const lie = ['-H', 'X-Forwarded-For: 10.77.0.66', '-H', 'Forwarded: for=10.77.0.66']
    await curl(...lie, `${URL_TOLD}/script?mac=${MAC}`)
    await curl(...lie, `http://${NETWORK.boot}:8080/script?mac=${MAC}`)
    expect(asked()).toEqual([NETWORK.main, NETWORK.main])
  })

  it('nothing but boots comes through it: no status, no explanation, no order', async () => {
    for (const path of [
      'status',
      'explain?mac=x',
      'machines',
      '%2e%2e/status',
      'assets/../status',
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one path after the other
      expect([path, await status('--path-as-is', `${URL_TOLD}/${path}`)]).toEqual([path, '404'])
    }
    for (const action of ['next?profile=a', 'forget', 'install', 'hold']) {
      const url = `${URL_TOLD}/machines/m/${action}`
      // oxlint-disable-next-line no-await-in-loop -- one order after the other
      expect([action, await status('-X', 'POST', url)]).toEqual([action, '404'])
    }
    expect(daemon.events.filter(({ event }) => event === 'machine.order')).toEqual([])
  })
})
