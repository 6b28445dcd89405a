import { readFileSync } from 'node:fs'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { CpioNames } from '../../../src/features/doctor/cpio.ts'
import { spaceFindings } from '../../../src/features/doctor/data-checks.ts'
import { exitCodeOf, FINDINGS, type Finding } from '../../../src/features/doctor/finding.ts'
import { bufferFindings, clockFindings } from '../../../src/features/doctor/host-checks.ts'
import { portsKept } from '../../../src/features/doctor/nft-ruleset.ts'
import { readKernel } from '../../../src/programs/linux-kernel.ts'
import { readPe } from '../../../src/programs/pe-image.ts'
import { bootwire } from '../../run-command.ts'
import { temporaryFolder, writeFiles } from '../../support.ts'

const codesOf = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code)

describe('bootwire doctor', () => {
  it('has a row in its document for every code, and no other', () => {
    const text = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8')
    const rows = [...text.matchAll(/^\| `([\w-]+)` /gm)].map(([, code]) => code)
    expect(new Set(rows)).toEqual(new Set(Object.keys(FINDINGS)))
    expect(rows).toHaveLength(Object.keys(FINDINGS).length)
  })

  it('exits 0 for nothing, 1 for warnings, 2 where something does not boot', () => {
    const [warning, error] = (['mtu', 'clock'] as const).map((code) => ({
      code,
      seen: '',
      remedy: '',
    }))
    expect([[], [warning!], [warning!, error!]].map(exitCodeOf)).toEqual([0, 1, 2])
  })

  it('says where the configuration is wrong, and looks at nothing else', async () => {
    const folder = temporaryFolder()
    writeFiles(folder, { 'bootwire.yaml': 'profiles: { a: { kernal: x } }\n' })
    const { code, out } = await bootwire('doctor', '--config', `${folder}/bootwire.yaml`)
    expect(code).toBe(2)
    expect(out).toMatch(/bootwire.yaml:1:\d+: .*kernal.* \[configuration-wrong\]/)
  })
})

describe('what the host is asked', () => {
  it('its clock, which a dead battery sets to 1970', () => {
    expect(codesOf(clockFindings(0))).toEqual(['clock'])
    expect(clockFindings(Date.UTC(2027, 1, 1))).toEqual([])
  })

  it('its receive buffer, where so many machines are known that they could fill it', () => {
    expect(codesOf(bufferFindings(212_992, 2000))).toEqual(['receive-buffer'])
    expect(bufferFindings(212_992, 20)).toEqual([])
    expect(bufferFindings(4_194_304, 2000)).toEqual([])
  })

  it('the space that is left for its state', () => {
    const codes = [1, 100, 1000].map((mib) => codesOf(spaceFindings('/x', mib * 1024 * 1024)))
    expect(codes).toEqual([['disk-full'], ['disk-nearly-full'], []])
  })
})

/** What `nft -j list ruleset` of nftables 1.0.6 prints for a rule of one match. */
const match = (field: object, right: unknown, op = '==') => ({ match: { op, left: field, right } })
const dport = (right: unknown, protocol = 'udp') =>
  match({ payload: { protocol, field: 'dport' } }, right)
const chain = (policy: string) => ({
  chain: { family: 'inet', table: 'f', name: 'in', hook: 'input', policy },
})
const rule = (...expr: readonly object[]) => ({
  rule: { family: 'inet', table: 'f', chain: 'in', expr },
})
const TFTP = { transport: 'udp', port: 69 } as const
const isKept = (...nftables: readonly object[]): boolean =>
  portsKept({ nftables }, 'eth0', [TFTP]).length > 0

describe('a ruleset of nftables', () => {
  it('keeps a port where a rule that names it drops', () => {
    expect(isKept(chain('accept'), rule(dport(69), { drop: null }))).toBe(true)
    expect(isKept(chain('accept'), rule(dport({ set: [53, 69] }), { reject: null }))).toBe(true)
    expect(isKept(chain('accept'), rule(dport({ range: [1, 100] }), { drop: null }))).toBe(true)
    expect(isKept(chain('accept'), rule(dport(69, 'tcp'), { drop: null }))).toBe(false)
    expect(isKept(chain('accept'), rule(dport(70), { drop: null }))).toBe(false)
  })

  it('keeps a port by its policy, unless a rule before or of another chain lets it in', () => {
    expect(isKept(chain('drop'))).toBe(true)
    expect(isKept(chain('drop'), rule(dport(69), { accept: null }))).toBe(false)
    const other = { rule: { table: 'f', chain: 'services', expr: [dport(69), { accept: null }] } }
    expect(isKept(chain('drop'), rule({ jump: { target: 'services' } }), other)).toBe(false)
    expect(isKept(chain('drop'), rule({ accept: null }))).toBe(false)
  })

  it('keeps nothing that a zone of firewalld lets in, which refuses the rest at its end', () => {
    const zone = { rule: { table: 'f', chain: 'zone', expr: [dport(69), { accept: null }] } }
    const end = [rule({ jump: { target: 'zone' } }), rule({ reject: { type: 'icmpx' } })]
    expect(isKept(chain('accept'), ...end, zone)).toBe(false)
    expect(isKept(chain('accept'), ...end)).toBe(true)
  })

  it('keeps nothing by a rule for another interface, or for some packets only', () => {
    const on = (name: string) => match({ meta: { key: 'iifname' } }, name)
    expect(isKept(chain('accept'), rule(on('eth1'), dport(69), { drop: null }))).toBe(false)
    expect(isKept(chain('accept'), rule(on('eth0'), dport(69), { drop: null }))).toBe(true)
    const from = match({ payload: { protocol: 'ip', field: 'saddr' } }, '192.0.2.1')
    expect(isKept(chain('accept'), rule(from, dport(69), { drop: null }))).toBe(false)
    const some = rule(from, dport(69), { accept: null })
    expect(isKept(chain('accept'), some, rule({ drop: null }))).toBe(false)
  })

  it('keeps no port where it is no ruleset at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(portsKept(value, 'eth0', [TFTP])).toEqual([])
        expect(portsKept({ nftables: [{ rule: value }, value] }, 'eth0', [TFTP])).toEqual([])
      }),
    )
  })
})

const namesOf = (pieces: readonly Buffer[]): readonly unknown[] => {
  const found: string[] = []
  const names = new CpioNames((name) => found.push(name))
  for (const piece of pieces) names.push(piece)
  return [found, names.rest?.toString('hex')]
}

describe('the header of a kernel', () => {
  it('counts units of 16 bytes, of which the last need not be whole: memtest86+ 6.10 of Debian 12', () => {
    const head = Buffer.alloc(0x400)
    head.write('HdrS', 0x202)
    head[0x1f1] = 1 // setup_sects
    head.writeUInt32LE((144_320 - 1024) / 16, 0x1f4)
    const fileBytes = 144_312
    expect(readKernel(head)?.bytes).toBeLessThanOrEqual(fileBytes)
    expect(readKernel(head)?.bytes).toBeGreaterThan(fileBytes - 16)
  })
})

describe('files of any bytes', () => {
  it('are read without an exception, and a name list in pieces as in one', () => {
    const bytes = fc.uint8Array({ maxLength: 2048 })
    fc.assert(
      fc.property(bytes, fc.constantFrom('MZ', '070701', 'x'), (given, magic) => {
        const file = Buffer.concat([Buffer.from(magic), given])
        readPe(file)
        readKernel(file)
        const single = Array.from(file, (_byte, i) => file.subarray(i, i + 1))
        const [[names, rest], [once, whole]] = [namesOf(single), namesOf([file])]
        // Of what is no archive only the piece is kept that showed it.
        expect([names, rest === undefined]).toEqual([once, whole === undefined])
      }),
    )
  })
})
