import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { capture } from '@bootwire-internal/cli/testing'
import { main as dhcp } from '@bootwire/dhcp-proxy/cli'
import { main as ipxe } from '@bootwire/ipxe-script/cli'
import { main as squid } from '@bootwire/squid-rules/cli'
import { main as tftp } from '@bootwire/tftp/cli'
import { describe, expect, it } from 'vitest'

import { main as bootwire } from '../src/main.ts'
import { saidByBoth } from './same-program.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Program {
  readonly name: string
  readonly folder: string
  readonly main: typeof tftp
  readonly commands: readonly string[]
  /** A command that has no option `foreign`, another one that has, and one that misspells an option. */
  readonly foreign?: readonly [command: string, option: string, owner: string]
  readonly misspelt: readonly [command: string, option: string, meant: string]
  /** Prints more than one line, and reads nothing but what the tests' machine has. */
  readonly prints: readonly string[]
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'bootwire',
    folder: 'server',
    main: bootwire,
    commands: ['serve', 'check', 'schema', 'explain', 'status', 'next', 'forget'],
    foreign: ['check', '--stage', 'explain'],
    misspelt: ['serve', '--htpp-port', '--http-port'],
    prints: ['schema'],
  },
  {
    name: 'bootwire-dhcp',
    folder: 'dhcp-proxy',
    main: dhcp,
    commands: ['probe'],
    misspelt: ['probe', '--adress', '--address'],
    prints: ['probe', '--help'],
  },
  {
    name: 'bootwire-tftp',
    folder: 'tftp',
    main: tftp,
    commands: ['get', 'put', 'serve', 'conformance'],
    foreign: ['get', '--ignore-case', 'serve'],
    misspelt: ['get', '--blocksize', '--block-size'],
    prints: ['--help'],
  },
  {
    name: 'bootwire-ipxe',
    folder: 'ipxe-script',
    main: ipxe,
    commands: ['build', 'lint', 'format', 'run'],
    foreign: ['run', '--fix', 'lint'],
    misspelt: ['lint', '--profil', '--profile'],
    prints: ['--help'],
  },
  {
    name: 'bootwire-squid',
    folder: 'squid-rules',
    main: squid,
    commands: ['generate', 'explain', 'lint', 'simulate', 'doctor', 'import', 'storeid', 'rewrite'],
    foreign: ['lint', '--stats', 'storeid, rewrite'],
    misspelt: ['doctor', '--cachelog', '--cache-log'],
    prints: ['generate', '--only', 'squid.conf'],
  },
]

describe.each(PROGRAMS)('$name', ({ name, folder, main, commands, misspelt, prints }) => {
  it.each(['--help', '-h', 'help'])('%s lists every command', async (word) => {
    const { code, out, err } = await capture(main, [word])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(`Usage: ${name} COMMAND`)
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  it('--version prints the version of its package', async () => {
    const manifest = readFileSync(`${root}/packages/${folder}/package.json`, 'utf8')
    const { version }: { readonly version: string } = JSON.parse(manifest)
    expect(await capture(main, ['--version'])).toMatchObject({
      code: 0,
      out: `${version}\n`,
      err: '',
    })
  })

  it.each(commands.flatMap((command) => ['--help', '-h'].map((word) => [command, word])))(
    '%s %s says how it is called',
    async (command, word) => {
      const { code, out, err } = await capture(main, [command, word])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toMatch(new RegExp(`^Usage: ${name} ${command}\\b`))
      expect(out).toContain('-h, --help')
    },
  )

  it.each(commands)('%s refuses an option that nobody has', async (command) => {
    const { code, out, err } = await capture(main, [command, '--nonsense-of-nobody'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`${name}: ${command} has no option --nonsense-of-nobody`)
    expect(err).toContain(`(${name} ${command} --help tells more)\n`)
  })

  it('says what a misspelt option was meant to be', async () => {
    const [command, option, meant] = misspelt
    const { code, err } = await capture(main, [command, option, 'x'])
    expect(code).toBe(2)
    expect(err).toContain(`${command} has no option ${option}; did you mean "${meant}"?`)
  })

  it('refuses no command, an unknown one, and one that is nearly right', async () => {
    expect(await capture(main, [])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining(`${name}: no command; there are: ${commands[0]}`),
    })
    for (const word of ['constructor', 'zzzzzzzzzzzz'])
      expect(await capture(main, [word])).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining(`${name}: there is no command "${word}"; allowed: `),
      })
    expect((await capture(main, [`${commands[0]}x`])).err).toContain(
      `did you mean "${commands[0]}"?`,
    )
  })

  it('starts from its binary', () => {
    expect(readFileSync(`${root}/packages/${folder}/bin/${name}.js`, 'utf8')).toContain(
      '../dist/cli.js',
    )
  })

  it('is quiet and gives 0 where the reader of its output leaves', { timeout: 60_000 }, () => {
    const tsx = `${root}/node_modules/.bin/tsx --conditions=@bootwire/source`
    const command = `${tsx} packages/${folder}/src/cli.ts ${prints.join(' ')}`
    // The reader closes before the first byte, so that every line meets a broken pipe.
    const script = `{ ${command}; echo "code $?" >&2; } 2>&3 | sh -c 'exec <&-'`
    const said = execFileSync('bash', ['-c', `{ ${script}; } 3>&1`], {
      cwd: root,
      encoding: 'utf8',
      timeout: 50_000,
    })
    expect(said).toBe('code 0\n')
  })
})

it.each(PROGRAMS.flatMap(({ foreign, ...rest }) => (foreign ? [{ foreign, ...rest }] : [])))(
  '$name refuses the option of another command, and says whose it is',
  async ({ main, foreign: [command, option, owner] }) => {
    const { code, out, err } = await capture(main, [command, option, 'x'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`${command} has no option ${option}; ${owner} ha`)
  },
)

describe('bootwire X', () => {
  // The one of a feature is tested with the feature.
  it.each(PROGRAMS.slice(1).filter(({ main }) => main !== squid))(
    'is $name',
    async ({ name, main, commands }) => {
      const word = name.replace('bootwire-', '')
      const [within, alone] = await saidByBoth(word, main, commands[0]!)
      expect(within).toEqual(alone)
    },
  )
})
