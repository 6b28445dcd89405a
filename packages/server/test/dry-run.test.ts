import { describe, expect, it } from 'vitest'

import { formatIssue } from '../src/config/format.ts'
import { load, temporaryFolder, writeFiles } from './support.ts'

const MAC = '52:54:00:00:00:01'

/** Problems with their files, relative to the folder that holds these. */
const found = async (yaml: string, files: Readonly<Record<string, string>> = {}) => {
  const folder = temporaryFolder()
  writeFiles(folder, files)
  const loaded = await load(yaml, folder)
  if (loaded.ok) return []
  return loaded.issues.map((issue) => formatIssue(issue).replaceAll(`${folder}/`, ''))
}

const withAnswer = (name: string, more = ''): string => `
profiles: { a: { kernel: "http://h/k", answers: { x: { template: ${name} } }${more} } }
machines: { m: { mac: "${MAC}", profile: a } }`

describe('templates, rendered when the configuration is loaded', () => {
  it('name every undefined variable with line and column of the template', async () => {
    expect(
      await found(withAnswer('x.ks'), { 'x.ks': 'text\n--hostname={{ nmae }}\n{{ vars.disk }}\n' }),
    ).toEqual([
      'x.ks:2:15: undefined variable: nmae (profile "a" for machine "m")',
      'x.ks:3:4: undefined variable: vars.disk (profile "a" for machine "m")',
    ])
  })

  it('name bad syntax with line and column of the template', async () => {
    expect(await found(withAnswer('x.sh'), { 'x.sh': 'a\n  {% if mac %}\n' })).toEqual([
      'x.sh:2:3: tag {% if mac %} not closed',
    ])
  })

  it.each([
    ['x.json', '{\n  "mac": "{{ mac }}"\n  "n": "{{ name }}"\n}', 3],
    ['x.ign', '{\n{% for t in tags %}{% endfor %}"a": "{{ name }}"', 2],
    ['x.yaml', 'a: 1\nb: "{{ name }}\nc: [', 3],
  ])(
    'find what makes no valid result, where the template makes it: %s',
    async (file, text, line) => {
      const [first, ...more] = await found(withAnswer(file), { [file]: text })
      expect(first).toMatch(
        new RegExp(`^${file}:${line}:\\d+: makes no valid (json|ignition|yaml): `),
      )
      expect(more).toEqual([])
    },
  )

  it('know every fact that iPXE tells, name, tags, labels and addresses', async () => {
    const names =
      'mac uuid serial asset product manufacturer hostname architecture firmware ip subnet'
    const all = `${names} name mac_dashed nocloud profile tags server.url server.assets answer.x report.done report.failed query.any`
    const text = all
      .split(' ')
      .map((name) => `{{ ${name} }}`)
      .join('\n')
    expect(await found(withAnswer('x.txt', ', once: true'), { 'x.txt': text })).toEqual([])
  })

  it('have no report without `once`, and no name where no machine has one', async () => {
    expect(await found(withAnswer('x.txt'), { 'x.txt': '{{ report.done }}' })).toHaveLength(1)
    const yaml = `
profiles: { a: { kernel: "http://h/k", args: "host={{ name }}" } }
groups: [{ name: g, match: { firmware: efi }, profile: a }]`
    expect(await found(yaml)).toEqual([
      '2:46: undefined variable: name (profile "a" for group "g")'.replace(/^/, 'boot.yaml:'),
    ])
  })

  it('are tried with the values of each machine that comes to the profile, also by a menu', async () => {
    const yaml = `
profiles:
  a: { kernel: "http://h/k", args: "disk={{ vars.disk }}" }
  pick: { menu: { items: [a, local] } }
machines:
  good: { mac: "${MAC}", profile: pick, vars: { disk: sda } }
  bad: { mac: "52:54:00:00:00:02", profile: pick }`
    expect(await found(yaml)).toEqual([
      'boot.yaml:3:36: undefined variable: vars.disk (profile "a" for machine "bad")',
    ])
  })

  it('may lack in a parent what its children bring', async () => {
    const yaml = `
profiles:
  base: { kernel: "http://h/k", args: "disk={{ vars.disk }}" }
  more: { extends: base, vars: { disk: sda } }
machines: { m: { mac: "${MAC}", profile: more } }`
    expect(await found(yaml)).toEqual([])
  })

  it('make no noise about what a gap of the configuration would have defined', async () => {
    const yaml = `
vars: 3
profiles: { a: { kernel: "http://h/k", args: "disk={{ vars.disk }}" } }
machines: { m: { mac: "${MAC}", profile: a } }`
    expect(await found(yaml)).toHaveLength(1)
  })

  it('are refused where iPXE takes no such script', async () => {
    const yaml = 'profiles: { a: { script: a.ipxe } }'
    expect(await found(yaml, { 'a.ipxe': 'chain http://h/\n' })).toEqual([
      'a.ipxe:1:1: an iPXE script begins with "#!ipxe"; iPXE takes no other text for one',
    ])
  })
})

describe('script modules, loaded with the configuration', () => {
  const yaml = 'profiles: { a: { module: a.mjs }, b: { local: true, once: { after: c } } }'

  it.each([
    ['export const other = 1', 1, 'it exports no function `script`'],
    ['\n\nthrow new Error("no good")', 3, 'no good'],
    ['export const script = 3', 1, 'it exports no function `script`'],
  ])('are named with what is wrong, beside the other errors: %s', async (text, line, why) => {
    const problems = await found(yaml, { 'a.mjs': text })
    expect(problems[0]).toContain('boot.yaml:1:')
    expect(problems[1]).toContain(`a.mjs:${line}:1: cannot use it as a module: ${why}`)
    expect(problems).toHaveLength(2)
  })
})
