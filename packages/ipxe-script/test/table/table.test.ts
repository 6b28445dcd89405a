import { describe, expect, it } from 'vitest'

import {
  COMMANDS,
  commandNamed,
  debian12,
  deriveProfile,
  ipxe2Bios,
  ipxe2Efi,
  secureBoot,
} from '../../src/table/index.ts'

const commandsOf = (profile: { features: ReadonlySet<string> }) =>
  [...COMMANDS.keys()].filter((name) => profile.features.has(name))

describe('the command table', () => {
  it('has the 92 commands of the newest iPXE read', () => {
    expect(COMMANDS.size).toBe(92)
  })

  it("has the 48 commands that Debian 12's help prints", () => {
    expect(commandsOf(debian12)).toHaveLength(48)
    expect(commandsOf(debian12)).not.toContain('param')
  })

  it('gives another name the arguments and options of its command', () => {
    expect(commandNamed('boot')?.canonical).toBe('chain')
    expect(commandNamed('boot')?.options).toEqual(commandNamed('chain')?.options)
    expect(commandNamed('dhcp')).toMatchObject({ min: 0, max: 255 })
  })

  it('tells upper from lower case, as iPXE does', () => {
    expect(commandNamed('ECHO')).toBeUndefined()
  })

  it('counts positional arguments', () => {
    expect(commandNamed('iseq')).toMatchObject({ min: 2, max: 2 })
    expect(commandNamed('inc')).toMatchObject({ min: 1, max: 2 })
    expect(commandNamed('kernel')).toMatchObject({ min: 1, max: 255 })
    expect(commandNamed('route')).toMatchObject({ min: 0, max: 0 })
  })

  it('names only known commands as the row behind another name, and no letter twice among the options', () => {
    for (const spec of COMMANDS.values()) {
      expect(COMMANDS.has(spec.canonical)).toBe(true)
      const letters = spec.options.map((option) => option.short)
      expect(new Set(letters).size).toBe(letters.length)
      expect(spec.summary).not.toMatch(/\.$/)
    }
  })
})

describe('target profiles', () => {
  it('know what a BIOS build lacks', () => {
    for (const name of [
      'param',
      'console',
      'md5sum',
      'ntp',
      'certstat',
      'pciscan',
      'usbscan',
      'vcreate',
    ])
      expect(ipxe2Bios.features.has(name)).toBe(false)
    expect(ipxe2Bios.schemes.has('https')).toBe(false)
    expect(ipxe2Efi.features.has('param')).toBe(true)
  })

  it('know options apart from commands', () => {
    expect(debian12.features.has('ifconf')).toBe(true)
    expect(debian12.features.has('ifconf --timeout')).toBe(false)
    expect(ipxe2Efi.features.has('chain --quiet')).toBe(false)
  })

  it('leave out of Secure Boot what its builds forbid', () => {
    for (const name of ['iwstat', 'ibstat', 'imgmem', 'gdbstub'])
      expect(secureBoot.features.has(name)).toBe(false)
  })

  it('can be derived, and a command brings its options along', () => {
    const lab = deriveProfile(ipxe2Bios, {
      name: 'lab',
      add: ['ping'],
      remove: ['sanboot'],
      schemes: ['https'],
    })
    expect(lab.features.has('ping --count')).toBe(true)
    expect(lab.features.has('sanboot --drive')).toBe(false)
    expect(lab.schemes.has('https')).toBe(true)
    expect(ipxe2Bios.features.has('ping')).toBe(false)
  })
})
