import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import { withFolder } from './rig.ts'

const PACKAGES = new URL('../../', import.meta.url).pathname
const NAMES = ['dhcp-proxy', 'tftp', 'ipxe-script', 'squid-rules', 'server']

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

const objectOf = (text: string): object => Object(JSON.parse(text))

/** What `npm i @bootwire/server` puts on a disk, from packages as they are packed now. */
export const install = (say: (line: string) => void): Promise<Measurement[]> =>
  withFolder(async (folder) => {
    const tarballs = NAMES.map((name) => {
      const packed = run('pnpm', ['pack', '--json', '--pack-destination', folder], PACKAGES + name)
      return `file:${String(Reflect.get(objectOf(packed), 'filename'))}`
    })
    const local = Object.fromEntries(NAMES.map((name, i) => [`@bootwire/${name}`, tarballs[i]]))
    // The overrides make the server's own dependencies these tarballs too: nothing of ours is on the registry yet.
    const server = { '@bootwire/server': local['@bootwire/server'] }
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, dependencies: server, overrides: local }),
    )
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], folder)
    const lock = readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')
    const packages = Object.keys(Object(Reflect.get(objectOf(lock), 'packages'))).length
    const [kilobytes = ''] = run('du', ['-sk', 'node_modules'], folder).split('\t')
    say(`${packages} packages, ${kilobytes} kB`)
    return [
      {
        what: 'packages that npm i @bootwire/server installs',
        unit: 'packages',
        ours: packages,
        bar: { of: 'ours', is: 'at most', limit: 75 },
      },
      {
        what: 'their size on disk',
        unit: 'MB',
        ours: Number(kilobytes) / 1024,
        bar: { of: 'ours', is: 'at most', limit: 35 },
      },
    ]
  })
