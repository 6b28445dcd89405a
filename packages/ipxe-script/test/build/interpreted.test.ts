import { describe, expect, it } from 'vitest'

import {
  debian12,
  exit,
  goto,
  ipxe2Bios,
  ipxe2Efi,
  label,
  recipes,
  run,
  script,
  setting,
  type AnyProfile,
  type Network,
  type RunOptions,
  type ScriptLine,
} from '../../src/index.ts'

const FILES: Network = ({ uri }) => (uri.startsWith('http://h/') ? true : undefined)

const outcomeOf = async (
  lines: readonly ScriptLine[],
  profile: AnyProfile,
  options: RunOptions = {},
) => (await run(script(...lines).text, { profile, network: FILES, ...options })).outcome

const linuxRecipes: readonly (readonly [string, readonly ScriptLine[]])[] = [
  [
    'linux',
    recipes
      .linux({ kernel: 'http://h/k', initrds: ['http://h/a', 'http://h/b'], args: ['quiet'] })
      .orExit(),
  ],
  ['kickstart', recipes.kickstart({ repo: 'http://h/repo', kickstart: 'http://h/ks' }).orExit()],
  [
    'debianInstaller',
    recipes.debianInstaller({ base: 'http://h/d', preseed: 'http://h/p' }).orExit(),
  ],
  [
    'coreos',
    recipes
      .coreos({ kernel: 'http://h/k', initramfs: 'http://h/i', rootfs: 'http://h/r' })
      .orExit(),
  ],
  [
    'editArguments',
    [
      recipes.editArguments({ into: setting('cmdline'), initial: ['quiet'] }),
      recipes
        .linux({ kernel: 'http://h/k', initrds: ['http://h/i'], args: [setting('cmdline')] })
        .orExit(),
    ],
  ],
]

const everywhere = linuxRecipes.flatMap(([name, lines]) =>
  [debian12, ipxe2Bios, ipxe2Efi].map(
    (profile): [string, string, AnyProfile, readonly ScriptLine[]] => [
      name,
      profile.name,
      profile,
      lines,
    ],
  ),
)

/** Keys pressed a second apart. */
const press = (...keys: string[]): RunOptions => ({
  keys: keys.map((key, index) => ({ key, atMs: index * 1000 })),
})

describe('recipes', () => {
  it.each(everywhere)(
    '%s boots under %s with every initrd it asks for',
    async (_name, _build, profile, lines) => {
      for (const platform of ['pcbios', 'efi'] as const) {
        const outcome = await outcomeOf(lines, profile, { machine: { platform } })
        expect(outcome).toMatchObject({ kind: 'boots', missing: [] })
        if (outcome.kind !== 'boots') continue
        const asked = outcome.commandLine.match(/\binitrd=\S+/g) ?? []
        expect(outcome.initrds.map((image) => `initrd=${image.name}`)).toEqual(asked)
      }
    },
  )

  it('windows hands its files to wimboot', async () => {
    const lines = recipes
      .windows({
        wimboot: 'http://h/wimboot',
        bcd: 'http://h/b',
        bootSdi: 'http://h/s',
        bootWim: 'http://h/w',
      })
      .orExit()
    const outcome = await outcomeOf(lines, ipxe2Bios)
    expect(outcome).toMatchObject({ kind: 'boots', kernel: { uri: 'http://h/wimboot' } })
    expect(outcome.kind === 'boots' && outcome.initrds.map(({ arguments: path }) => path)).toEqual([
      'BCD',
      'boot.sdi',
      'boot.wim',
    ])
  })

  it('localBoot boots the disk under BIOS and leaves UEFI with a status that makes it try the next entry', async () => {
    expect(await outcomeOf(recipes.localBoot(), ipxe2Bios)).toMatchObject({
      kind: 'boots disk',
      drive: 0x80,
    })
    expect(await outcomeOf(recipes.localBoot(), ipxe2Efi)).toEqual({
      kind: 'falls through',
      status: 1,
    })
  })

  it('memtest and sanboot start what they name', async () => {
    expect(
      await outcomeOf(recipes.memtest({ uri: 'http://h/m' }).orExit(), ipxe2Bios),
    ).toMatchObject({ kind: 'boots', kernel: { uri: 'http://h/m' } })
    const target = 'iscsi:192.0.2.1::::iqn.2020-01.example:disk'
    expect(
      await outcomeOf(recipes.sanboot({ targets: [target] }).orExit(), ipxe2Bios, {
        network: () => true,
      }),
    ).toMatchObject({ kind: 'boots disk', uris: [target] })
  })

  it('retry tries again until it works, and gives up where told', async () => {
    let tries = 0
    const network: Network = ({ uri }) => (uri === 'http://h/k' && ++tries === 3 ? true : undefined)
    const gaveUp = label('gave-up')
    const work = recipes.linux({ kernel: 'http://h/k' })
    expect(
      await outcomeOf([recipes.retry({ otherwise: exit(7) }, work)], ipxe2Bios, { network }),
    ).toMatchObject({ kind: 'boots' })
    expect(tries).toBe(3)
    const never = [recipes.retry({ attempts: 4, otherwise: goto(gaveUp) }, work), gaveUp, exit(7)]
    expect(await outcomeOf(never, ipxe2Bios, { network: {} })).toEqual({
      kind: 'falls through',
      status: 7,
    })
  })

  it('menu boots what is chosen, comes back after what fails, and goes where Escape leads', async () => {
    const menu = recipes.menu(
      { title: 'Boot', default: 'broken', cancelled: exit(9) },
      {
        broken: {
          text: 'Broken',
          key: 'b',
          lines: recipes.memtest({ uri: 'http://nowhere/' }).orContinue(),
        },
        works: {
          text: 'Works',
          key: 'w',
          lines: recipes.memtest({ uri: 'http://h/m' }).orContinue(),
        },
      },
    )
    expect(await outcomeOf(menu, ipxe2Bios, press('b', 'w'))).toMatchObject({
      kind: 'boots',
      kernel: { uri: 'http://h/m' },
    })
    expect(await outcomeOf(menu, ipxe2Bios, press('\u001b'))).toEqual({
      kind: 'falls through',
      status: 9,
    })
  })

  it('embeddedBootstrap and chainWithFacts run the script they are sent to', async () => {
    const machine = {
      mac: '52:54:00:00:00:01',
      serial: 'A B&C',
      cards: [
        {
          mac: '52:54:00:00:00:01',
          dhcp: { ip: '192.0.2.7', '175.200': 'http://h/${net0/mac:hexhyp}' },
        },
      ],
    }
    const seen: string[] = []
    const network: Network = ({ uri }) => {
      seen.push(uri)
      return uri.startsWith('http://h/52-54')
        ? script(recipes.chainWithFacts({ uri: 'http://h/boot' }).orExit()).text
        : '#!ipxe\nexit 5\n'
    }
    expect(
      await outcomeOf(recipes.embeddedBootstrap(), debian12, { machine, network, embedded: true }),
    ).toEqual({ kind: 'falls through', status: 5 })
    expect(seen[0]).toBe('http://h/52-54-00-00-00-01')
    expect(seen[1]).toContain('http://h/boot?mac=52-54-00-00-00-01&uuid=')
    expect(seen[1]).toContain('serial=A%20B%26C&')
  })
})
