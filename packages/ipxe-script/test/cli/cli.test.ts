import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { capture } from '@bootwire-internal/cli/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { main } from '../../src/cli/main.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootwire-ipxe-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const call = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
  const { code, out, err } = await capture(main, args, { stdin: '#!ipxe\necho hello\n' })
  return { code, out, err }
}

describe('bootwire-ipxe build', () => {
  it('prints the script that a module exports', async () => {
    const module = file('boot.mjs', "export const boot = '#!ipxe\\necho hello\\n'\n")
    expect(await call('build', module)).toEqual({ code: 0, out: '#!ipxe\necho hello\n', err: '' })
  })

  it('calls a function that makes one, and writes it to a file', async () => {
    const module = file('made.mjs', "export default () => ({ text: '#!ipxe\\nexit\\n' })\n")
    const out = join(folder, 'made.ipxe')
    expect(await call('build', module, '--out', out)).toMatchObject({ code: 0, out: '' })
    expect(readFileSync(out, 'utf8')).toBe('#!ipxe\nexit\n')
  })

  it('refuses a module without a script', async () => {
    const module = file('none.mjs', 'export const boot = 1\n')
    expect(await call('build', module)).toMatchObject({
      code: 2,
      err: expect.stringContaining('exports 0 scripts'),
    })
  })

  it.each([
    [
      'syntax.mjs',
      'throw new SyntaxError("mine")\n',
      /syntax.mjs cannot be run: SyntaxError: [^]*Where: node --check/,
    ],
    ['throws.mjs', 'throw new Error("mine")\n', /throws.mjs cannot be run: Error: mine/],
    ['import.mjs', 'import "bootwire-nothing"\n', /cannot be run: .*bootwire-nothing/],
    ['other.mjs', 'throw 7\n', /other.mjs throws 7/],
  ])('says in a line or two why %s cannot be run', async (name, text, words) => {
    const { code, err } = await call('build', file(name, text))
    expect(code).toBe(1)
    expect(err).toMatch(words)
    expect(err.trim().split('\n').length).toBeLessThan(4)
  })
})

describe('bootwire-ipxe lint', () => {
  it('shows findings with carets and exits 1 on errors', async () => {
    const script = file('bad.ipxe', '#!ipxe\ngoto nowhere\n')
    const { code, out, err } = await call('lint', script)
    expect(code).toBe(1)
    expect(out).toContain(
      'bad.ipxe:2:6: error: there is no label nowhere (undefined-label)\n    goto nowhere\n         ^^^^^^^\n',
    )
    expect(err).toBe('1 error, 0 warnings in 1 file\n')
  })

  it('prints JSON, reads standard input, and knows profiles', async () => {
    expect(JSON.parse((await call('lint', '--json', '-')).out)).toEqual([])
    const script = file('power.ipxe', '#!ipxe\npoweroff\n')
    const { code, out } = await call('lint', '--json', '--profile', 'debian12', script)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ file: script, rule: 'profile-command', line: 2, column: 1 }),
    ])
    expect(await call('lint', '--profile', 'windows', script)).toMatchObject({ code: 2 })
  })

  it('fixes what it can', async () => {
    const script = file('fix.ipxe', '#!ipxe\niseq ${a} b && exit\n')
    expect(await call('lint', '--fix', script)).toMatchObject({ code: 0 })
    expect(readFileSync(script, 'utf8')).toBe('#!ipxe\niseq ${a} b && exit ||\n')
  })
})

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

const stored = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, bytesOf(text))
  return path
}

describe('files in other encodings', () => {
  // A frame of CP437, a name in GBK, and Latin-1; none of them is UTF-8.
  const scripts: readonly (readonly [string, string])[] = [
    ['CP437', '\xc9\xcd\xbb boot \xba\xff'],
    ['GBK', '\xb4\xf2\xbf\xaa \xa0'],
    ['Latin-1', 'na\xefve \xa0'],
  ]

  it.each(scripts)('%s keeps its bytes when it is formatted', async (name, words) => {
    const path = stored(`format-${name}.ipxe`, `#!ipxe\n  menu   ${words}\n# ${words}  \n`)
    expect(await call('format', '--write', path)).toMatchObject({ code: 0 })
    expect(readFileSync(path)).toEqual(bytesOf(`#!ipxe\nmenu ${words}\n# ${words}\n`))
  })

  it.each(scripts)('%s keeps its bytes when it is fixed', async (name, words) => {
    const text = `#!ipxe\necho ${words}\niseq \${a} b && echo ${words}\n`
    const path = stored(`fix-${name}.ipxe`, text)
    await call('lint', '--fix', path)
    expect(readFileSync(path)).toEqual(bytesOf(text.replace(/\n$/, ' ||\n')))
  })

  it('are printed and run by their bytes', async () => {
    const path = stored('run-cp437.ipxe', '#!ipxe\niseq \xc9 \xc9 && exit 5 ||\n')
    expect((await call('run', path)).out).toContain('with status 5')
    const { bytes } = await capture(main, ['format', path])
    expect(bytes).toEqual(readFileSync(path))
  })

  it('keeps the byte order mark of UTF-8 where nothing takes it away', async () => {
    const path = file('bom.ipxe', '\uFEFF#!ipxe\nexit\n')
    await call('format', '--write', path)
    expect(readFileSync(path)).toEqual(Buffer.from('\uFEFF#!ipxe\nexit\n'))
  })
})

describe('bootwire-ipxe lint --fix', () => {
  const bad = '#!ipxe\niseq ${a} b && exit\necho end'

  it('prints the fixed text of standard input, and findings beside it', async () => {
    const { code, out, err } = await capture(main, ['lint', '--fix', '-'], {
      stdin: `${bad}\ngoto nowhere\n`,
    })
    expect(out).toBe('#!ipxe\niseq ${a} b && exit ||\necho end\ngoto nowhere\n')
    expect(err).toContain('undefined-label')
    expect(code).toBe(1)
  })

  it('prints the difference and changes nothing with --diff', async () => {
    const path = file('diff.ipxe', bad)
    const { out, code } = await call('lint', '--fix', '--diff', path)
    expect(out).toBe(
      `--- ${path}\n+++ ${path}\n@@ -1,3 +1,3 @@\n #!ipxe\n-iseq \${a} b && exit\n+iseq \${a} b && exit ||\n echo end\n\\ No newline at end of file\n`,
    )
    expect(code).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe(bad)
  })

  it.each([
    [['--diff', '-'], /--diff goes with --fix/],
    [['--fix', '--json', '-'], /--json prints findings/],
  ])('refuses %j', async (args, words) => {
    expect(await call('lint', ...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(words),
    })
  })
})

describe('bootwire-ipxe format', () => {
  it('prints, checks or writes back', async () => {
    const script = file('format.ipxe', '#!ipxe\r\n  echo   hello\r\n')
    expect(await call('format', script)).toMatchObject({ code: 0, out: '#!ipxe\necho hello\n' })
    expect(await call('format', '--check', script)).toMatchObject({
      code: 1,
      err: `${script} is not formatted\n`,
    })
    expect(await call('format', '--write', script)).toMatchObject({ code: 0, out: '' })
    expect(await call('format', '--check', script)).toMatchObject({ code: 0 })
  })
})

describe('bootwire-ipxe run', () => {
  it('prints a page of a script that never ends', async () => {
    const script = file('endless.ipxe', '#!ipxe\n:a\nset x ${x}${x}y\necho ${x}\ngoto a\n')
    const loop = file('loop.ipxe', '#!ipxe\n:a\necho x\ngoto a\n')
    expect((await call('run', loop)).out.split('\n').length).toBeLessThan(80)
    const { out, code } = await call('run', script)
    expect(code).toBe(1)
    expect(out.length).toBeLessThan(20_000)
    expect(out).toMatch(/… and \d+ more steps; --json has them/)
  })

  it('shows every command and how it ended', async () => {
    const script = file('run.ipxe', '#!ipxe\niseq ${net0/mac} 52:54:00:00:00:07 && exit 3 ||\n')
    const { out, code } = await call('run', script, '--mac', '52:54:00:00:00:07')
    expect(out).toContain('run.ipxe:2: iseq 52:54:00:00:00:07 52:54:00:00:00:07\n')
    expect(out).toContain('falls through to the firmware with status 3')
    expect(code).toBe(0)
  })

  it('presses keys and serves files of a folder', async () => {
    file('next.ipxe', '#!ipxe\necho the next script\n')
    const script = file(
      'serve.ipxe',
      '#!ipxe\nprompt --timeout 5000 Press a key && chain --autofree http://boot.example/next.ipxe ||\n',
    )
    expect((await call('run', script, '--serve', folder, '--press', 'x@2s')).out).toContain(
      'the next script',
    )
    expect((await call('run', script, '--serve', folder)).out).not.toContain('the next script')
  })

  it.each(['', '\n#!ipxe\necho x\n', 'echo x\n', '#!ipxe'])(
    'says that iPXE takes %j for no script',
    async (text) => {
      expect(await call('run', file('none.ipxe', text))).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('Could not boot: Exec format error'),
      })
    },
  )

  it('exits 1 where the script fails', async () => {
    expect(await call('run', file('fail.ipxe', '#!ipxe\niseq a b\n'))).toMatchObject({ code: 1 })
  })
})

describe('bootwire-ipxe', () => {
  it.each(['build', 'lint', 'format', 'run'])('%s refuses what is no file', async (command) => {
    expect(await call(command, join(folder, 'missing.ipxe'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('missing.ipxe does not exist'),
    })
    expect(await call(command, folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${folder} is a folder, not a file`),
    })
  })

  it.each([
    [['run', '-', '--mac', 'zz'], '--mac zz is not like'],
    [['run', '-', '--arch', 'amd64'], '--arch amd64 is not one of i386, x86_64, arm32'],
    [['run', '-', '--uuid', 'zz'], '--uuid zz is not like'],
    [['run', '-', '--serve', 'nowhere'], 'nowhere is not a folder'],
    [['run', '-', '--profile', 'debian12', '--profile', 'ipxe2-bios'], '--profile is given twice'],
    [['run', '-', '--fix'], 'run has no option --fix; lint has it'],
    [['lint', '-', '--ignore', 'nosuch'], '--ignore nosuch is no rule; allowed: magic'],
  ])('refuses %j with exit code 2 and says what is allowed', async (args, words) => {
    expect(await call(...args)).toMatchObject({ code: 2, err: expect.stringContaining(words) })
  })
})
