import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { onTestFinished } from 'vitest'

import { temporaryFolder, writeFiles } from './support.ts'

interface Coverage {
  readonly result: readonly { readonly url: string }[]
}

/** Every module of the server that a daemon and its loading thread have loaded, as V8 lists them when the process ends. */
export const modulesOf = async (yaml: string): Promise<string[]> => {
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
