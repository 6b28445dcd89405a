import { describe, expect, it, onTestFinished, vi } from 'vitest'

import { explain } from '../src/explain/explain.ts'
import { run } from './ipxe-run.ts'
import { boots, serviceFor, temporaryFolder, writeFiles } from './support.ts'

const MAC = '52:54:00:00:00:01'
const ask = async (yaml: string, query: Record<string, string>, folder?: string) => {
  const made = await serviceFor(yaml, folder === undefined ? {} : { folder })
  return { ...made, decision: await made.service.script(query, '10.0.0.77') }
}
const known = { mac: MAC, final: '1', serial: 'S1', buildarch: 'x86_64', platform: 'efi' }

describe('the script', () => {
  it('boots Linux with its initrds, its arguments and the console of its architecture', async () => {
    const yaml = `
profiles:
  a: { kernel: "http://h/k", initrd: ["http://h/i1", "http://h/i2"], args: ["quiet mac={{ mac }}", single], console: { x86_64: ttyS1, arm64: ttyAMA0 } }
machines: { m: { mac: "${MAC}", profile: a } }`
    const { decision } = await ask(yaml, known)
    const outcome = await run(decision.text)
    expect(outcome).toMatchObject({
      kind: 'boots',
      commandLine: `initrd=initrd0 initrd=initrd1 quiet mac=${MAC} single console=ttyS1`,
    })
  })

  it('tells an unknown machine its address and the reason, then boots its disk', async () => {
    const { decision, events } = await ask('unknown: { waitSeconds: 3 }', { mac: MAC })
    expect(decision.stage).toBe('explain')
    expect(decision.text).toContain(`echo mac: ${MAC}`)
    expect(decision.text).toContain('BW-UNKNOWN')
    expect(decision.text).toContain('sleep 3')
    expect(await run(decision.text)).toMatchObject({ kind: 'boots disk', drive: 0x80 })
    expect(events.at(-1)).toMatchObject({ event: 'http.script', mac: MAC, code: 'BW-UNKNOWN' })
  })

  it('lets an unknown machine ask again, or go on with a profile', async () => {
    const again = await ask('unknown: { after: retry }', { mac: MAC })
    expect(again.decision.text).toContain(
      `chain --autofree --replace http://10.0.0.5:8080/script?mac=${MAC}`,
    )
    const yaml = 'profiles: { pick: { chain: "http://h/menu" } }\nunknown: { after: pick }'
    const other = await ask(yaml, { mac: MAC })
    expect(other.decision.text).toContain('choose=pick')
    expect(
      (await other.service.script({ mac: MAC, choose: 'pick' }, '10.0.0.7')).profile?.name,
    ).toBe('pick')
  })

  it('knows what only DHCP was told of the machine, until it boots somewhere else', async () => {
    const { service } = await serviceFor(`
profiles: { left: { chain: "http://h/left" }, right: { chain: "http://h/right" } }
groups:
  - { name: l, match: { circuit-id: eth0/1 }, profile: left }
  - { name: r, match: { relay: 10.1.0.1, arch: 0 }, profile: right }`)
    const asks = (relay?: { readonly address: string; readonly circuitId: string }) =>
      service.dhcp({
        mac: MAC,
        architectures: [0],
        firmware: 'ipxe',
        userClasses: ['iPXE'],
        localAddress: '10.0.0.5',
        ...(relay && { relay }),
      })
    const profile = async () => {
      const explained = await service.decisions.script(service.decisions.turn(known, '10.0.0.77'))
      const { profile: given } = await service.script(known, '10.0.0.77')
      expect(explained.profile?.name).toBe(given?.name)
      return given?.name
    }
    asks({ address: '10.2.0.1', circuitId: 'eth0/1' })
    expect(await profile()).toBe('left')
    asks({ address: '10.1.0.1', circuitId: 'eth0/2' })
    expect(await profile()).toBe('right')
    asks()
    expect(await profile()).toBeUndefined()
  })

  it('asks iPXE for more facts where one could decide, and keeps the labels of the URL', async () => {
    const yaml = `
profiles: { a: { local: true } }
groups: [{ name: g, match: { serial: S1, query: { role: web } }, profile: a }]`
    const { decision, service } = await ask(yaml, { mac: MAC, role: 'web' })
    expect(decision.stage).toBe('facts')
    expect(decision.text).toContain('role=web')
    // eslint-disable-next-line no-template-curly-in-string -- iPXE's expansion
    expect(decision.text).toContain('serial=${serial:uristring}')
    const final = await service.script({ ...known, role: 'web' }, '10.0.0.77')
    expect(final.profile?.name).toBe('a')
  })

  it('offers a menu, and boots only what it offers', async () => {
    const yaml = `
profiles:
  a: { description: First, chain: "http://h/a" }
  hidden: { chain: "http://h/hidden" }
  pick: { menu: { title: T, items: [a, { profile: local, key: l }], default: local, timeoutSeconds: 5 } }
machines: { m: { mac: "${MAC}", profile: pick } }`
    const { decision, service } = await ask(yaml, { mac: MAC })
    expect(decision.text).toContain('item item-0 First')
    expect(decision.text).toContain('--default item-1 --timeout 5000')
    expect((await service.script({ mac: MAC, choose: 'a' }, '10.0.0.7')).profile?.name).toBe('a')
    expect((await service.script({ mac: MAC, choose: 'hidden' }, '10.0.0.7')).profile?.name).toBe(
      'pick',
    )
  })

  it('runs a script file as a template, and a module with the facts', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, {
      'own.ipxe': '#!ipxe\necho {{ serial }}\n',
      'own.mjs': 'export const script = ({ mac }) => `#!ipxe\\necho ${mac}\\n`\n',
    })
    const yaml = `
profiles: { file: { script: own.ipxe }, module: { module: own.mjs } }
groups:
  - { name: f, match: { serial: S1 }, profile: file }
  - { name: m, match: { serial: S2 }, profile: module }`
    const { service, decision } = await ask(yaml, known, folder)
    expect(decision.text).toBe('#!ipxe\necho S1\n')
    const other = await service.script({ ...known, serial: 'S2' }, '10.0.0.77')
    expect(other.text).toBe(`#!ipxe\necho ${MAC}\n`)
  })

  it('shows a template error on the console instead of booting half of it', async () => {
    const yaml = `
profiles: { a: { kernel: "http://h/k", args: "x={{ asset }}" } }
machines: { m: { mac: "${MAC}", profile: a } }`
    const { decision } = await ask(yaml, known)
    expect(decision).toMatchObject({ stage: 'explain', trouble: { code: 'BW-TEMPLATE' } })
    expect(decision.text).toContain('asset')
  })

  it('keeps what a machine calls itself from becoming commands', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'own.ipxe': '#!ipxe\necho {{ serial }}\n' })
    const yaml = `
profiles: { a: { script: own.ipxe } }
machines: { m: { mac: "${MAC}", profile: a } }`
    const { decision } = await ask(yaml, { ...known, serial: 'x && shell' }, folder)
    expect(decision.stage).toBe('explain')
    expect(decision.text).not.toMatch(/^shell/m)
  })

  it('gives machines their vars, the innermost winning, and their tags', async () => {
    const yaml = `
vars: { role: none, disk: sda }
profiles: { a: { kernel: "http://h/k", args: "role={{ vars.role }} disk={{ vars.disk }}", vars: { role: profile } } }
machines: { m: { mac: "${MAC}", tags: [web] , vars: { disk: vda } } }
groups: [{ name: g, match: { tag: web }, profile: a, vars: { role: group } }]`
    const { decision } = await ask(yaml, known)
    expect(decision.text).toContain('role=group disk=vda')
  })
})

describe('answers', () => {
  const yaml = `
secrets: { pw: { env: PATH } }
profiles:
  a:
    kernel: "http://h/k"
    answers:
      user-data: { text: "#cloud-config\\nhostname: {{ name }}\\n" }
      ks: { text: "rootpw {{ serial }}\\n" , format: kickstart }
machines: { web1: { mac: "${MAC}", profile: a } }`

  it('come as the installer that the last script began asks for them', async () => {
    const { service, events } = await serviceFor(yaml)
    await boots({ service }, { ...known, serial: "a'b" })
    expect(service.answer(MAC, 'ks', '10.0.0.7')).toMatchObject({
      text: String.raw`rootpw 'a'\''b'` + '\n',
    })
    expect(events.at(-1)).toMatchObject({
      event: 'http.answer',
      mac: MAC,
      answer: 'ks',
      profile: 'a',
    })
  })

  it('show no secret to who asks for an explanation', async () => {
    vi.stubEnv('BOOTWIRE_TEST_SECRET', 'hunter2')
    onTestFinished(() => void vi.unstubAllEnvs())
    const secret = `
secrets: { pw: { env: BOOTWIRE_TEST_SECRET } }
profiles: { a: { kernel: "http://h/k", args: "pw={{ secret.pw }}", answers: { ks: { text: "rootpw {{ secret.pw }}" } } } }
machines: { web1: { mac: "${MAC}", profile: a } }`
    const { service } = await serviceFor(secret)
    const said = JSON.stringify(await explain(service.decisions, known, 7, undefined, '10.0.0.7'))
    expect(said).not.toContain('hunter2')
    expect(said).toContain('rootpw SECRET_pw')
    await boots({ service }, known)
    expect(service.answer(MAC, 'ks', '10.0.0.7')).toMatchObject({ text: 'rootpw hunter2' })
  })

  it('have the NoCloud pair, made where it is not given', async () => {
    const { service } = await serviceFor(yaml)
    expect(service.answer(MAC, 'meta-data', '10.0.0.7')).toMatchObject({
      text: `instance-id: "${MAC}"\nlocal-hostname: "web1"\n`,
    })
    expect(service.answer(MAC, 'vendor-data', '10.0.0.7')).toMatchObject({ found: true, text: '' })
    expect(service.answer(MAC, 'user-data', '10.0.0.7')).toMatchObject({
      text: '#cloud-config\nhostname: web1\n',
    })
    expect(service.answer(MAC, 'network-config', '10.0.0.7')).toMatchObject({ found: false })
  })

  it('that do not exist are refused with the names of those that do', async () => {
    const { service } = await serviceFor(yaml)
    expect(service.answer(MAC, 'kss', '10.0.0.7')).toMatchObject({
      found: false,
      why: 'profile "a" has no answer "kss"; it has: user-data, ks',
    })
  })
})

describe('values for the templates of a profile that was chosen in a menu', () => {
  it('are its own, not those of the menu', async () => {
    const yaml = `
vars: { v: everywhere }
profiles:
  pick: { menu: { items: [a] }, vars: { v: menu } }
  a: { kernel: "http://h/k", args: "v={{ vars.v }}", vars: { v: own }, answers: { x: { text: "{{ vars.v }}" } } }
machines: { m: { mac: "${MAC}", profile: pick } }`
    const { service } = await serviceFor(yaml)
    expect((await boots({ service }, { ...known, choose: 'a' })).text).toContain('v=own')
    expect(service.answer(MAC, 'x', '10.0.0.77')).toMatchObject({ text: 'own' })
  })
})

describe('a shim', () => {
  it('is named after the initrds under UEFI, and its absence is for the firmware to judge', async () => {
    const yaml = `
profiles: { a: { kernel: "http://h/k", initrd: "http://h/i", shim: "http://h/{{ architecture }}/shim.efi" } }
machines: { m: { mac: "${MAC}", profile: a } }`
    const { decision } = await ask(yaml, known)
    expect(decision.text).toMatch(
      /^initrd .* http:..h.i .*\niseq \$\{platform\} efi && shim http:..h.x86_64.shim.efi \|\|\nboot/m,
    )
  })
})

describe('the name of a kernel', () => {
  it('may be a template', async () => {
    const yaml = `
profiles: { a: { kernel: "http://h/{{ architecture }}/k" } }
machines: { m: { mac: "${MAC}", profile: a } }`
    const { decision } = await ask(yaml, known)
    expect(decision.text).toContain('http://h/x86_64/k')
  })
})
