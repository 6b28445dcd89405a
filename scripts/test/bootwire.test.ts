import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly complained: string
}

const ends = async (args: readonly string[], cwd: string, env: object = {}): Promise<Ended> => {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } })
  let [out, complained] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text))
  await once(child, 'close')
  return { code: child.exitCode, out, complained }
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwire-scripts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the bootwire command of a checkout', () => {
  it("reads the caller's files and needs no build", { timeout: 60_000 }, async () => {
    writeFileSync(join(folder, 'mine.yaml'), 'profilez: {}\n')
    const command = join(ROOT, 'scripts/bootwire.mjs')
    const { code, out, complained } = await ends([command, 'check', 'mine.yaml'], folder, {
      npm_lifecycle_event: 'test',
    })
    expect(out + complained).toContain('did you mean "profiles"?')
    expect(code).not.toBe(0)
    expect(code).not.toBeNull()
  })
})

/** A checkout in which nothing is installed, and programs in front of the real ones. */
const checkout = (programs: Readonly<Record<string, string>>): Record<string, string> => {
  cpSync(join(ROOT, 'scripts/run.mjs'), join(folder, 'scripts/run.mjs'))
  cpSync(join(ROOT, 'scripts/run'), join(folder, 'scripts/run'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "packageManager": "pnpm@10.0.0" }')
  mkdirSync(join(folder, 'programs'))
  for (const [name, script] of Object.entries(programs)) {
    const path = join(folder, 'programs', name)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }
  return { PATH: `${join(folder, 'programs')}:/usr/bin:/bin` }
}

const runs = (env: object): Promise<Ended> =>
  ends([join(folder, 'scripts/run.mjs'), 'sh', '-c', 'echo RAN'], folder, env)

describe('a command of a checkout in which nothing is installed', () => {
  it('installs, and then runs', async () => {
    const env = checkout({ npm: 'echo 9.2.0', npx: 'exit 0' })
    expect(await runs(env)).toMatchObject({ code: 0, out: 'RAN\n' })
    // The second time nothing is missing.
    expect(await runs(env)).toEqual({ code: 0, out: 'RAN\n', complained: '' })
  })

  it.each([
    {
      when: 'npm is too old',
      programs: { npm: 'echo 6.14.18', npx: 'exit 0' },
      says: 'npm 6.14.18 is too old; npm 7 or newer is needed',
    },
    {
      when: 'the registry is out of reach',
      programs: {
        npm: 'echo 10.8.2',
        npx: 'echo "npm error code EAI_AGAIN" >&2; echo more >&2; exit 1',
      },
      says: 'the npm registry cannot be reached (EAI_AGAIN), so nothing was installed',
    },
    {
      when: 'pnpm fails',
      programs: { npm: 'echo 10.8.2', npx: 'echo ERR_PNPM_OUTDATED_LOCKFILE; exit 3' },
      says: 'what is missing could not be installed (exit code 3); node_modules/.install.log holds what npm and pnpm said',
    },
    {
      when: 'there is no npm',
      programs: { npm: 'exit 127' },
      says: 'there is no npm, which installs what is missing',
    },
  ])('says so in one sentence and runs nothing when $when', async ({ programs, says }) => {
    const env = checkout(programs)
    const { code, out, complained } = await runs(env)
    const lines = complained.trim().split('\n')
    expect(lines.filter((line) => !line.endsWith('installing what is missing'))).toEqual([
      `bootwire: ${says}`,
    ])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    // Nothing is half done: the next run tries again.
    expect((await runs(env)).complained).toContain(says)
  })

  it('says in one sentence that Node is too old, in words that an old Node reads', async () => {
    checkout({})
    const old = `Object.defineProperty(process.versions, 'node', { value: '18.19.0' })`
    const args = ['--import', `data:text/javascript,${old}`, join(folder, 'scripts/run.mjs')]
    expect(await ends(args, folder)).toEqual({
      code: 1,
      out: '',
      complained: 'bootwire: Node 18.19.0 is too old; Node 20.19 or newer is needed\n',
    })
  })
})
