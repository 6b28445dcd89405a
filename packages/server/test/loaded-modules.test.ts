import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { describe, expect, it, onTestFinished } from 'vitest'

import { temporaryFolder, writeFiles } from './support.ts'

interface Coverage {
  readonly result: readonly { readonly url: string }[]
}

/** Every module that a daemon and its loading thread have loaded, as V8 lists them when the process ends. */
const modulesOf = async (yaml: string): Promise<string[]> => {
  const folder = temporaryFolder()
  writeFiles(folder, {
    'x.kpxe': 'x',
    'boot.yaml': `ipxe: { bios: x.kpxe }\nserver: { dhcp: { enabled: false }, http: { port: 0 }, tftp: { port: 0 } }\n${yaml}`,
  })
  const cli = new URL('../src/cli.ts', import.meta.url).pathname
  const options = ['--interface', 'lo', '--address', '127.0.0.1', '--data-dir', `${folder}/data`]
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=@bootwire/source', cli, 'serve', ...options].concat(
      '--log=json',
      `--config=${folder}/boot.yaml`,
    ),
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_V8_COVERAGE: join(folder, 'coverage') },
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    const { event }: { event: string } = JSON.parse(line)
    if (event === 'ready') child.kill('SIGTERM')
  }
  await ended
  const urls = readdirSync(join(folder, 'coverage')).flatMap((name) => {
    const { result }: Coverage = JSON.parse(readFileSync(join(folder, 'coverage', name), 'utf8'))
    return result.map(({ url }) => url.split('/packages/server/src/')[1] ?? '')
  })
  return [...new Set(urls)].filter((url) => url !== '')
}

describe('a daemon', () => {
  it('with a minimal configuration has loaded no feature', async () => {
    const modules = await modulesOf('')
    expect(modules).toContain('daemon/daemon.ts')
    expect(modules).toContain('load/worker.ts')
    expect(modules.filter((path) => path.startsWith('features/'))).toEqual(['features/index.ts'])
  }, 60_000)

  it('loads the feature whose key is configured, and no other', async () => {
    const modules = await modulesOf('squid: {}')
    const features = modules.filter((path) => path.startsWith('features/'))
    expect(features.toSorted()).toEqual(['features/index.ts', 'features/squid/index.ts'])
  }, 60_000)
})
