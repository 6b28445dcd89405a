import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import { jsonSchema } from '../src/config/schema.ts'
import { profileKind } from '../src/profiles/kind.ts'
import { configurationReference } from './configuration-reference.ts'
import { problems, serviceFor } from './support.ts'

/** A kind that nobody ships: shows a message and boots the local disk. Its file is this much, its row is one word below. */
const motd = vi.hoisted(() => ({ row: undefined as unknown }))
vi.mock('../src/profiles/kinds.ts', async (importOriginal) => {
  const original = await importOriginal<{ readonly PROFILE_KINDS: readonly unknown[] }>()
  const { text } = await import('../src/profiles/fields.ts')
  const { profileKind: state } = await import('../src/profiles/kind.ts')
  motd.row = state({
    name: 'motd',
    key: 'motd',
    fields: {
      motd: text('message of the day').optional(),
      lines: z.array(z.string()).optional().describe('more of it'),
    },
    appends: ['lines'],
    compile: ({ motd: message = '', lines = [] }) => ({ kind: 'motd', message, lines }),
    templates: ({ message }) => [{ text: message, format: 'text', key: 'motd' }],
    wantsFacts: ({ lines }) => lines.includes('serial'),
    script: ({ message, lines }, { render }) =>
      `#!ipxe\necho ${[render(message, 'text'), ...lines].join(' ')}\n`,
  })
  return { ...original, PROFILE_KINDS: [...original.PROFILE_KINDS, motd.row] }
})

const MAC = '52:54:00:00:00:01'
const machine = (profile: string): string =>
  `\nmachines: { m: { mac: "${MAC}", profile: ${profile} } }`
const scriptOf = async (yaml: string) => {
  const { service } = await serviceFor(yaml)
  return service.script({ mac: MAC }, '10.0.0.7')
}

describe('one more kind of profile', () => {
  it('is stated with the types of its own fields', () => {
    expect(motd.row).toHaveProperty('key', 'motd')
    expect(profileKind).toBeTypeOf('function')
  })

  it('is in the schema and in the reference', () => {
    expect(JSON.stringify(jsonSchema())).toContain('"motd":{"type":"string"')
    expect(configurationReference()).toContain('`motd` (string): message of the day')
  })

  it('is rendered with the values of the machine', async () => {
    const { text, stage } = await scriptOf(
      `profiles: { a: { motd: "hello {{ vars.who }}", vars: { who: you } } }${machine('a')}`,
    )
    expect(stage).toBe('facts')
    expect(text).toContain('final=1')
    const plain = await scriptOf(`profiles: { a: { motd: hello } }${machine('a')}`)
    expect(plain.text).toBe('#!ipxe\necho hello\n')
  })

  it('is sent back for facts where it says that it wants them', async () => {
    const { stage } = await scriptOf(
      `profiles: { a: { motd: hello, lines: [serial] } }${machine('a')}`,
    )
    expect(stage).toBe('facts')
  })

  it('appends to what it inherits, and is replaced by another kind', async () => {
    const base = 'a: { motd: hello, lines: [one] }'
    const added = await scriptOf(
      `profiles: { ${base}, b: { extends: a, lines: [two] } }${machine('b')}`,
    )
    expect(added.text).toBe('#!ipxe\necho hello one two\n')
    const replaced = await scriptOf(
      `profiles: { ${base}, b: { extends: a, chain: "http://h/x" } }${machine('b')}`,
    )
    expect(replaced.text).toContain('http://h/x')
  })

  it('has its templates tried at load', async () => {
    expect(
      await problems(`profiles: { a: { motd: "hello {{ vars.nobody }}" } }${machine('a')}`),
    ).toEqual([expect.stringMatching(/^1:\d+: undefined variable: vars.nobody/)])
  })

  it('is known where two kinds stand in one profile, where none stands, and where a key of it strays', async () => {
    expect(
      await problems(
        'profiles: { a: { motd: x, local: true }, b: { description: x }, c: { local: true, lines: [x] } }',
      ),
    ).toEqual([
      expect.stringContaining('has local and motd'),
      expect.stringContaining(
        'kernel, script, module, chain, menu, local, ignore, motd, efi, httpBoot',
      ),
      expect.stringContaining('profile "c" has lines, which needs a motd'),
    ])
  })
})
