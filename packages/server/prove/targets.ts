import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { Agent } from 'node:http'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import { createHttpApp } from '../src/http/app.ts'
import type { Random } from './random.ts'
import { executions, failures, withService } from './rig.ts'

const INJECTED = 100_000
const SENT = 20_000
const OUTSIDE = 'BYTES-FROM-OUTSIDE-THE-ASSETS'
const MAC = '52:54:00:00:00:01'

const PARTS = [
  '..',
  '.',
  '...',
  '%2e%2e',
  '%2E.',
  '..%2f',
  '..%5c',
  '..%255c',
  '%252e%252e',
  '..;',
  '%c0%ae%c0%ae',
  '%c0%af',
  '%2f',
  '//',
  '\\',
  '%5c',
  '%00',
  '%0a',
  '%',
  '%zz',
  'secret',
  'secret.txt',
  'boot.yaml',
  'state.json',
  'linux',
  'sub',
  '.hidden',
  'etc',
  'passwd',
  '~',
  '*',
  '?',
  '#',
  '@',
  ':',
  ';',
  'a'.repeat(300),
  encodeURIComponent('ü'),
  '%ff',
  'CON',
  '%2e%2e%2fsecret.txt',
]
const ROOTS = [
  '/assets/',
  '/ipxe/',
  '/script?',
  '/answers/',
  '/report/',
  '/explain?',
  '/status',
  '/machines/',
  '/',
  '//assets//',
  '/boot.ipxe',
  '/healthz',
]
const PAIRS = [
  `mac=${MAC}`,
  'mac=',
  'final=1',
  'choose=a,b',
  'serial=%0a',
  'packet=00',
  'packet=zz',
  'arch=7',
  'arch=-1',
  'stage=script',
  'ip=%00',
  '__proto__=1',
  'a[b]=c',
  '=',
]

const targetFor = (random: Random): string => {
  const root = random.pick(ROOTS)
  if (root.endsWith('?'))
    return root + Array.from({ length: random.below(5) }, () => random.pick(PAIRS)).join('&')
  const parts = Array.from({ length: random.below(7) }, () => random.pick(PARTS))
  if (root === '/answers/' || root === '/machines/') parts.unshift(MAC.replaceAll(':', '-'))
  return root + parts.join(random.pick(['/', '/', '%2f', '\\', '']))
}

interface Got {
  readonly status: number
  readonly body: string
}

const send = (port: number, agent: Agent, path: string): Promise<Got> =>
  new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', agent, path }, (response) => {
      let body = ''
      response.setEncoding('latin1')
      response.on('data', (text: string) => (body += text))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    sent.once('error', reject)
    sent.end()
  })

const setUp = (folder: string): string => {
  mkdirSync(join(folder, 'assets', 'sub'), { recursive: true })
  for (const name of ['linux', 'sub/linux', '.hidden'])
    writeFileSync(join(folder, 'assets', name), 'inside')
  for (const name of ['secret', 'secret.txt', 'passwd']) writeFileSync(join(folder, name), OUTSIDE)
  symlinkSync('sub', join(folder, 'assets', 'etc'))
  return `
# ${OUTSIDE}
assets: assets
profiles: { a: { kernel: linux, answers: { ks: { text: "{{ mac }}" } } }, b: { menu: { items: [a, local] } } }
machines: { m: { mac: "${MAC}", profile: b } }`
}

/** Request targets in every encoding: no 5xx, and no byte from outside the assets. */
export const targets = (random: Random, say: (line: string) => void): Promise<Measurement[]> =>
  withService(setUp, async (service) => {
    let wrong = 0
    const look = (target: string, { status, body }: Got) => {
      if (status >= 200 && status < 500 && !body.includes(OUTSIDE)) return
      if (++wrong <= 5) say(`${status} for ${JSON.stringify(target)}: ${body.slice(0, 200)}`)
    }
    const app = createHttpApp(service)
    await app.listen({ host: '127.0.0.1', port: 0 })
    const address = app.server.address()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    try {
      for (let i = 0; i < INJECTED; i++) {
        const drawn = targetFor(random)
        // What `inject` itself cannot take goes over the socket below.
        const target = URL.canParse(drawn, 'http://localhost') ? drawn : '/assets/..%2fsecret'
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const { statusCode, rawPayload } = await app.inject({
          url: target,
          remoteAddress: '127.0.0.1',
        })
        look(target, { status: statusCode, body: rawPayload.toString('latin1') })
      }
      const port = typeof address === 'object' && address !== null ? address.port : 0
      for (let i = 0; i < SENT; i++) {
        // Over a socket nobody tidies the path up first; what HTTP itself forbids cannot be sent.
        const target = targetFor(random)
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        look(target, await send(port, agent, target))
      }
    } finally {
      agent.destroy()
      await app.close()
    }
    return [executions('HTTP targets', INJECTED + SENT, 120_000), failures('HTTP targets', wrong)]
  })
