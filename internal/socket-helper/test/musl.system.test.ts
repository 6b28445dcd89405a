import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it, onTestFinished } from 'vitest'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const isHere = process.arch === 'x64' && spawnSync('musl-gcc', ['--version']).status === 0
const why = isHere ? '' : " (skipped: there is no musl-gcc, Debian's musl-tools, for this CPU)"

describe('a process with musl instead of glibc', () => {
  it.skipIf(!isHere)(`loads the helper and uses it${why}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-musl-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const program = join(folder, 'host')
    execFileSync('musl-gcc', ['-w', '-rdynamic', here('musl-host.c'), '-o', program])
    const printed = execFileSync(program, [here('../prebuilt/linux-x64.node')], {
      encoding: 'utf8',
    })
    expect(printed).toBe('functions 12, bind 0, send 1, receive 1, read musl, watch -38\n')
  })
})
