import { rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Measurement } from '../measure.ts'
import { writeDeb } from '../package/deb.ts'
import { DebianRoot } from './root.ts'

const TRY = fileURLToPath(new URL('try-deb.sh', import.meta.url))
const STEPS = 9

/** The Debian package: installed, started as its unit says, upgraded, removed and purged in a root of its own. */
export const provePackage = async (
  suite: string,
  say: (line: string) => void,
): Promise<Measurement[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'bootwire-package-'))
  try {
    say('building the Debian package twice')
    const debs = [writeDeb(folder, '0.0.9'), writeDeb(folder)]
    using root = await DebianRoot.create(suite, 'declared', say)
    for (const file of [TRY, ...debs]) root.put(basename(file), await readFile(file))
    const inside = [TRY, ...debs].map((file) => `/${basename(file)}`)
    const { said } = await root.run(['sh', ...inside], { watch: say })
    const passed = said.split('\n').filter((line) => line.startsWith('ok ')).length
    return [
      {
        what: `${suite}: steps of the package that fail`,
        unit: '',
        ours: STEPS - passed,
        bar: { of: 'ours', is: 'at most', limit: 0 },
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
