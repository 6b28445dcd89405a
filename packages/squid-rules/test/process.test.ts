import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, test as base } from 'vitest'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const LINE = 'http://ftp.de.debian.org/debian/pool/main/b/bash/bash_1-1_amd64.deb -\n'

let built: string
/** The command in one file, as it is installed: it starts many times here. */
let cli: string
beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'bootwire-squid-built-'))
  writeFileSync(join(built, 'package.json'), '{ "type": "module" }')
  const args = ['src/cli.ts', '--format', 'esm', '--no-config', '--silent', '--out-dir', built]
  execFileSync(here('../../../node_modules/.bin/tsup'), args, { cwd: here('..') })
  cli = join(built, 'cli.js')
}, 30_000)
afterAll(() => rmSync(built, { recursive: true, force: true }))

/** Each test has a folder of its own, as they run side by side: most of their time is waiting. */
const test = base.extend<{ folder: string; rules: string }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest wants an object pattern here
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'bootwire-squid-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  rules: async ({ folder }, use) => use(join(folder, 'rules.json')),
})

const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 30_000
  while (!holds()) {
    if (performance.now() > end) throw new Error('waited 30 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The command as a process, and all that it has said so far. */
class Helper {
  readonly child: ChildProcessWithoutNullStreams
  out = ''
  err = ''
  readonly ended: Promise<unknown>
  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [cli, ...args])
    this.ended = once(this.child, 'close')
    this.child.stdout.on('data', (chunk: Buffer) => (this.out += chunk.toString('latin1')))
    this.child.stderr.on('data', (chunk: Buffer) => (this.err += chunk.toString('latin1')))
  }

  async ask(line: string): Promise<string> {
    const before = this.out.length
    this.child.stdin.write(Buffer.from(line, 'latin1'))
    await until(() => this.out.endsWith('\n') && this.out.length > before)
    return this.out.slice(before)
  }

  said(pattern: RegExp): Promise<void> {
    return until(() => pattern.test(this.err))
  }

  async end(): Promise<number | null> {
    this.child.stdin.end()
    await this.ended
    return this.child.exitCode
  }
}

describe.concurrent('the StoreID helper as a process', { timeout: 60_000 }, () => {
  test('keeps the last good rules when new ones are wrong, and takes right ones without a restart', async ({
    rules,
    expect,
  }) => {
    writeFileSync(rules, '{ "use": ["debian"] }')
    const helper = new Helper('storeid', rules)
    expect(await helper.ask(`1 ${LINE}`)).toMatch(
      /^1 OK store-id="http:\/\/ftp\.debian\.org\/debian\/pool/,
    )
    writeFileSync(rules, '{\n  "use": ["debain"]\n}')
    await helper.said(
      /rules\.json:2:11: use\.0: "debain".*\n.*rules refused, the last good rules stay/,
    )
    expect(await helper.ask(`2 ${LINE}`)).toMatch(/^2 OK store-id=/)
    writeFileSync(rules, '{ "use": ["rocky"] }')
    await expect.poll(() => helper.ask(`3 ${LINE}`), { timeout: 10_000 }).toBe('3 ERR\n')
    helper.child.kill('SIGUSR2')
    await helper.said(/"reloads":2,"refused":1,.*"repositories":\{"debian":\d+\}/)
    expect(await helper.end()).toBe(0)
  })

  test('answers ERR while it has never had good rules, and does not end', async ({
    rules,
    expect,
  }) => {
    const helper = new Helper('storeid', rules, '--stats', '3600')
    expect(await helper.ask(`7 ${LINE}`)).toBe('7 ERR\n')
    await helper.said(/no URL is changed until they are right/)
    writeFileSync(rules, '{}')
    helper.child.kill('SIGHUP')
    await expect.poll(() => helper.ask(`8 ${LINE}`), { timeout: 10_000 }).toMatch(/^8 OK/)
    expect(await helper.end()).toBe(0)
    expect(helper.err).toMatch(/"lines":\d+/)
  })

  test('goes on when the rules cannot even be looked for', async ({ rules, expect }) => {
    symlinkSync(rules, rules)
    const helper = new Helper('storeid', rules)
    expect(await helper.ask(`1 ${LINE}`)).toBe('1 ERR\n')
    await helper.said(/ELOOP.*\n.*rules refused/)
    rmSync(rules)
    writeFileSync(rules, '{ "use": ["debian"] }')
    helper.child.kill('SIGHUP')
    await expect.poll(() => helper.ask(`2 ${LINE}`), { timeout: 10_000 }).toMatch(/^2 OK/)
    expect(await helper.end()).toBe(0)
  })

  test('ends without a word when nobody reads its answers any more', async ({ rules, expect }) => {
    writeFileSync(rules, '{ "use": ["debian"] }')
    const helper = new Helper('storeid', rules)
    await helper.ask(LINE)
    helper.child.stdout.destroy()
    helper.child.stdin.on('error', () => undefined) // it may be gone before all is written
    for (let i = 0; i < 20 && helper.child.exitCode === null; i++) {
      helper.child.stdin.write(LINE.repeat(100))
      await new Promise((resolve) => setImmediate(resolve))
    }
    helper.child.stdin.end()
    await helper.ended
    expect([helper.child.exitCode, helper.err]).toEqual([0, ''])
  })

  test('rewrites to the pinned origin', async ({ rules, expect }) => {
    writeFileSync(
      rules,
      '{ "mode": "pinned", "use": ["debian"], "origins": { "debian": "http://good.example/debian" } }',
    )
    const helper = new Helper('rewrite', rules)
    expect(await helper.ask(`5 ${LINE}`)).toBe(
      '5 OK rewrite-url="http://good.example/debian/pool/main/b/bash/bash_1-1_amd64.deb"\n',
    )
    expect(await helper.end()).toBe(0)
  })
})

const run = async (
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> => {
  const helper = new Helper(...args)
  const code = await helper.end()
  return { code, out: helper.out, err: helper.err }
}

describe.concurrent('the command', { timeout: 60_000 }, () => {
  test('generates, and lints what it has generated', async ({ folder, rules, expect }) => {
    writeFileSync(rules, '{ "use": ["crates"], "snapshot": false }')
    const out = join(folder, 'out')
    expect(await run('generate', rules, '--out', out)).toMatchObject({ code: 0, err: '' })
    expect(await run('lint', join(out, 'storeid.db'), join(out, 'squid.conf'))).toMatchObject({
      code: 0,
      out: 'nothing to say\n',
    })
  })

  test('changes nothing in a folder that it cannot write all of', async ({
    folder,
    rules,
    expect,
  }) => {
    writeFileSync(rules, '{ "use": ["crates"], "snapshot": false }')
    const out = join(folder, 'out')
    mkdirSync(join(out, 'storeid.db.new', 'in the way'), { recursive: true })
    writeFileSync(join(out, 'squid.conf'), 'as it was')
    const { code, err } = await run('generate', rules, '--out', out)
    expect([code, err]).toEqual([1, expect.stringMatching(/storeid\.db cannot be written.*--out/)])
    expect(readFileSync(join(out, 'squid.conf'), 'utf8')).toBe('as it was')
    expect(readdirSync(out)).toEqual(['squid.conf'])
  })

  test('does not mind when nobody reads the rest of its output', async ({ expect }) => {
    const helper = new Helper('generate', '--only', 'mirrors.txt')
    helper.child.stdout.destroy()
    await helper.ended
    expect([helper.child.exitCode, helper.err]).toEqual([0, ''])
  })

  test('tells wrong usage from wrong input by its exit code', async ({ folder, expect }) => {
    expect(await run('generat')).toMatchObject({ code: 2 })
    expect(await run('explain', '--jsn')).toMatchObject({ code: 2 })
    expect(await run('generate', join(folder, 'none.json'))).toMatchObject({ code: 1 })
  })
})
