import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Bed, NETWORK } from '../../packages/server/test/lan/bed.ts'
import { startMainServer } from '../../packages/server/test/lan/dnsmasq.ts'
import { ensureDebianPackages } from '../debian.mjs'
import type { Measurement } from '../measure.ts'
import { writeDeb } from '../package/deb.ts'
import { CHECKOUT } from '../package/tree.ts'
import { baseOf } from './root.ts'

const CONTAINERFILE = join(CHECKOUT, 'packages/server/deploy/Containerfile')
/** What the image runs: `buildah run` takes no command from it. */
const CMD = [
  ...(/^CMD (.*)$/m.exec(readFileSync(CONTAINERFILE, 'utf8'))?.[1] ?? '').matchAll(/"([^"]*)"/g),
].map(([, word = '']) => word)
const CLI = [
  '--conditions=@bootwire/source',
  '--import',
  import.meta.resolve('tsx'),
  join(CHECKOUT, 'packages/server/src/cli.ts'),
]
const CONFIG = `server: { interface: eth0, address: ${NETWORK.boot} }
profiles: { disk: { local: true } }
unknown: { after: local }
`

/** What the image answers in a network of its own; each fails with a sentence. */
const answersOf = (bed: Bed): Readonly<Record<string, () => Promise<boolean>>> => {
  const bootwire = (...args: string[]) => bed.run('main', process.execPath, [...CLI, ...args])
  return {
    'DHCP: an offer of iPXE': async () => {
      const probe = ['dhcp', 'probe', '--as', 'uefi-x64', '--address', NETWORK.main]
      return (await bootwire(...probe, '--wait', '2', '--json')).includes('ipxe.efi')
    },
    'TFTP: iPXE itself': async () =>
      (await bootwire('tftp', 'get', `tftp://${NETWORK.boot}/ipxe.efi`, '-')).startsWith('MZ'),
    'HTTP: a script': async () =>
      (await bed.run('main', 'curl', ['-sf', `http://${NETWORK.boot}:8080/boot.ipxe`])).startsWith(
        '#!ipxe',
      ),
  }
}

/** The Containerfile: built by Debian's buildah on a root of Debian, run in a network namespace, asked by every protocol. */
export const proveContainer = async (
  suite: string,
  say: (line: string) => void,
): Promise<Measurement[]> => {
  const missing = ensureDebianPackages(say, ['buildah'], [])
  if (missing !== undefined) throw new Error(missing)
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-container-'))
  const global = ['--storage-driver', 'vfs', '--root', join(folder, 'images'), '--runroot']
  const words = [...global, join(folder, 'run')]
  const buildah = (...args: string[]): string =>
    execFileSync('buildah', [...words, ...args], {
      encoding: 'utf8',
      env: { ...process.env, BUILDAH_ISOLATION: 'chroot' },
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim()
  const bed = new Bed()
  try {
    say('container: the base image, of a root of Debian')
    const base = buildah('from', 'scratch')
    buildah('add', '--quiet', base, baseOf(suite, say), '/')
    buildah('commit', '--quiet', base, 'localhost/debian')
    buildah('rm', base)
    say('container: building the Containerfile')
    writeDeb(join(folder, 'dist'))
    const build = ['build', '--quiet', '--build-arg', 'BASE=localhost/debian', '--tag', 'bootwire']
    buildah(...build, '--file', CONTAINERFILE, join(folder, 'dist'))
    const container = buildah('from', '--pull-never', 'localhost/bootwire')
    const config = join(folder, 'bootwire.yaml')
    writeFileSync(config, CONFIG)
    buildah('copy', '--quiet', container, config, '/etc/bootwire/bootwire.yaml')
    say('container: running it')
    await startMainServer(bed, true)
    const serve = ['/usr/bin/bootwire', ...CMD]
    const run = [...words, 'run', '--isolation', 'chroot', container, '--', ...serve]
    const daemon = bed.spawn('boot', 'buildah', run)
    let log = ''
    for (const stream of [daemon.stdout!, daemon.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (log += text))
    while (!log.includes('"event":"ready"')) {
      if (daemon.exitCode !== null) throw new Error(`the container ended: ${log}`)
      // oxlint-disable-next-line no-await-in-loop -- what it says comes piece by piece
      await Promise.race([once(daemon.stdout!, 'data'), once(daemon, 'close')])
    }
    const rows: Measurement[] = []
    for (const [what, isAnswered] of Object.entries(answersOf(bed))) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: each says what it found
      const answered = await isAnswered().catch((error: unknown) => {
        say(`container: ${what}: ${error instanceof Error ? error.message : String(error)}`)
        return false
      })
      const bar = { of: 'ours', is: 'at most', limit: 0 } as const
      rows.push({ what: `container, ${what}: failures`, unit: '', ours: Number(!answered), bar })
    }
    return rows
  } finally {
    await bed.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
