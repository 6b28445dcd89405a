import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** Of util-linux, on every Debian. */
const UNSHARE = 'unshare'

/** A disk of its own in a mount namespace, smaller than the files; what is on it afterwards is printed. */
const SCRIPT = `
mount -t tmpfs -o size=64k tmpfs "$1" && mkdir "$1/out" && echo old > "$1/out/squid.conf" || exit 99
"$2" --conditions=@bootwire/source --import "$3" "$4" generate --out "$1/out"
echo "code $?"
cd "$1/out" && ls && cat squid.conf
`

describeSystem('a full disk', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-full-'))
    mkdirSync(join(folder, 'disk'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('leaves the files of before, and generate says what to do', () => {
    const args = [join(folder, 'disk'), process.execPath, import.meta.resolve('tsx'), cli]
    const { stdout, stderr } = spawnSync(UNSHARE, ['-m', 'sh', '-c', SCRIPT, 'sh', ...args], {
      encoding: 'utf8',
    })
    expect(stderr).toMatch(/cannot be written \(ENOSPC.*nothing in .* was changed, make room/)
    expect(stdout).toBe('code 1\nsquid.conf\nold\n')
  })
})
