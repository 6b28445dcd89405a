import { describe, expect, it } from 'vitest'

import { jsonSchema } from '../src/config/schema.ts'
import { load, problems, temporaryFolder, writeFiles } from './support.ts'

describe('a configuration file', () => {
  it('may be empty', async () => {
    expect((await load('')).ok).toBe(true)
  })

  it('names an unknown key with its line and column, and guesses what was meant', async () => {
    expect(await problems('profiles:\n  a: { local: true, kernle: x }')).toEqual([
      '2:21: unknown key "kernle"; did you mean "kernel"?',
    ])
  })

  it('lists what is allowed where no guess is near', async () => {
    expect((await problems('zzzzzz: 1'))[0]).toContain('allowed: $schema, server, assets')
  })

  it('says what was seen and what is allowed for a wrong type', async () => {
    expect(await problems('server:\n  http: { port: eighty }')).toEqual([
      '2:17: server.http.port: saw "eighty"; must be number',
    ])
  })

  it('reports every error at once', async () => {
    const found = await problems(
      'foo: 1\nprofiles: { a: { kernel: 3 } }\nmachines: { m: { mac: zz } }',
    )
    expect(found).toHaveLength(3)
  })

  it('places broken YAML', async () => {
    expect((await problems('profiles:\n  a: [1'))[0]).toMatch(/^2:\d+: /)
  })

  it('refuses a key that is given twice', async () => {
    expect((await problems('vars: {}\nvars: {}'))[0]).toContain('unique')
  })

  it('guesses the profile that a machine meant', async () => {
    expect(
      await problems(
        'profiles: { debian: { local: true } }\nmachines:\n  m: { mac: "525400000001", profile: debain }',
      ),
    ).toEqual(['3:38: there is no profile "debain"; did you mean "debian"?'])
  })

  it('refuses a boot file that is not there, at load', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/linux': 'k' })
    const yaml = 'assets: assets\nprofiles:\n  a: { kernel: linux, initrd: initrd.gz }'
    expect(await problems(yaml, folder)).toEqual([
      `3:31: there is no file ${folder}/assets/initrd.gz`,
    ])
  })

  it('takes a boot file that is a URL without looking', async () => {
    expect(await problems('profiles: { a: { kernel: "http://h/linux" } }')).toEqual([])
  })

  it('refuses a path that leaves the assets', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'assets/x': '' })
    expect(
      (await problems('assets: assets\nprofiles: { a: { kernel: ../etc/passwd } }', folder))[0],
    ).toContain('leaves the assets folder')
  })

  it('refuses a profile with two targets', async () => {
    expect((await problems('profiles: { a: { local: true, chain: "http://h/x" } }'))[0]).toContain(
      'chain and local',
    )
  })

  it('refuses kernel arguments without a kernel', async () => {
    expect((await problems('profiles: { a: { local: true, args: quiet } }'))[0]).toContain(
      'needs a kernel',
    )
  })

  it('refuses identical matchers, in whatever order their conditions stand', async () => {
    const yaml = `
profiles: { a: { local: true } }
groups:
  - { name: one, profile: a, match: { mac: "52:54:00:00:00:01", serial: X } }
  - { name: two, profile: a, match: { serial: x, mac: 52-54-00-00-00-01 } }`
    expect((await problems(yaml))[0]).toContain(
      'matches exactly the machines that group "one" matches',
    )
  })

  it('refuses profiles that extend each other', async () => {
    expect(
      (await problems('profiles: { a: { extends: b }, b: { extends: a, local: true } }')).join(),
    ).toContain('extends itself')
  })

  it('refuses a pattern, a network and an address that are none', async () => {
    const yaml = `
profiles: { a: { local: true } }
groups:
  - { name: one, profile: a, match: { serial: { regex: "(" } } }
  - { name: two, profile: a, match: { ip: { cidr: 10.0.0.0/40 } } }
  - { name: three, profile: a, match: { mac: 52 } }`
    expect(await problems(yaml)).toHaveLength(3)
  })

  it('refuses a template that cannot be parsed', async () => {
    expect(
      (
        await problems('profiles: { a: { local: true, answers: { ks: { text: "{% if %}" } } } }')
      )[0],
    ).toMatch(/^1:54: /)
  })

  it('refuses iPXE expansions in arguments: templates are the way', async () => {
    expect(
      (await problems('profiles: { a: { kernel: "http://h/k", args: "ip=${ip}" } }'))[0],
    ).toContain('{{')
  })

  it('reads secrets from files and the environment, never from itself', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { pw: 'geheim\n' })
    const loaded = await load('secrets: { root: { file: pw } }', folder)
    expect(loaded.ok && loaded.plan.secrets).toEqual({ root: 'geheim' })
    expect((await problems('secrets: { root: { env: BOOTWIRE_NO_SUCH } }'))[0]).toContain(
      'BOOTWIRE_NO_SUCH',
    )
  })

  it('inherits: arguments are appended, vars and answers merged, another target replaces', async () => {
    const loaded = await load(`
profiles:
  base: { kernel: "http://h/k", args: [a], vars: { x: 1, y: 1 }, answers: { ks: { text: one } } }
  more: { extends: base, args: [b], vars: { y: 2 }, answers: { extra: { text: two } } }
  disk: { extends: base, local: true }`)
    if (!loaded.ok) throw new Error('refused')
    const { more, disk } = loaded.plan.profiles
    expect(more).toMatchObject({ target: { args: ['a', 'b'] }, vars: { x: 1, y: 2 } })
    expect(Object.keys(more?.answers ?? {})).toEqual(['ks', 'extra'])
    expect(disk?.target).toEqual({ kind: 'local' })
  })
})

describe('the JSON Schema', () => {
  it('comes from the definition that validates: closed objects, with descriptions', async () => {
    const schema = jsonSchema()
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false })
    expect(JSON.stringify(schema)).toContain('hardware address')
  })
})
