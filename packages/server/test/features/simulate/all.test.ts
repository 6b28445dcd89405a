import { existsSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it, onTestFinished } from 'vitest'

import { startDaemon } from '../../../src/daemon/daemon.ts'
import { activate } from '../../../src/load/load.ts'
import { EventLog } from '../../../src/log/event-log.ts'
import type { IpxeBinary } from '../../../src/model/ipxe-binaries.ts'
import { bootwire } from '../../run-command.ts'
import { IPXE, load, temporaryFolder, writeFiles } from '../../support.ts'

interface Boots {
  readonly ok: boolean
  readonly boots: readonly {
    readonly machine: string
    readonly as: string
    readonly ok: boolean
    readonly profile?: string
    readonly failure?: { readonly stage: string; readonly reason: string }
  }[]
}

const KERNEL_BYTES = 8192

/** Headers of a kernel: for x86 as Linux' boot protocol has them, and those of a PE image of the CPU. */
const kernelFor = (peMachine: number): Buffer => {
  const kernel = Buffer.alloc(KERNEL_BYTES)
  kernel.write('MZ', 0, 'latin1')
  kernel.writeUInt32LE(0x40, 0x3c)
  kernel.write('PE\0\0', 0x40, 'latin1')
  kernel.writeUInt16LE(peMachine, 0x44)
  if (peMachine !== 0x8664) return kernel
  kernel[0x1f1] = 1
  kernel.writeUInt32LE((KERNEL_BYTES - 1024) / 16, 0x1f4)
  kernel.writeUInt16LE(0xaa55, 0x1fe)
  kernel.write('HdrS', 0x202, 'latin1')
  return kernel
}

const start = async (yaml: string) => {
  const folder = temporaryFolder()
  writeFiles(folder, { 'assets/initrd': 'x'.repeat(1000), 'ipxe.bin': 'x'.repeat(1000) })
  const assets = join(folder, 'assets')
  writeFileSync(join(assets, 'linux'), kernelFor(0x8664))
  writeFileSync(join(assets, 'linux-arm64'), kernelFor(0xaa64))
  const server = `server: { dhcp: { enabled: false }, http: { port: 0 }, tftp: { port: 0 } }`
  const loaded = await load(`assets: assets\n${server}\n${yaml}`, folder)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues))
  const ipxe: IpxeBinary[] = IPXE.map(({ missing: _missing, ...each }) => ({
    ...each,
    path: join(folder, 'ipxe.bin'),
  }))
  const data = join(folder, 'data')
  const daemon = await startDaemon({
    configuration: await activate(loaded),
    interfaces: [{ interface: 'lo', address: '127.0.0.1' }],
    data,
    ipxe,
    log: new EventLog(),
  })
  onTestFinished(() => daemon.close())
  const all = async (...args: string[]) => {
    const { code, out } = await bootwire('simulate', '--all', '--json', '--data-dir', data, ...args)
    const boots: Boots = JSON.parse(out)
    return { code, ...boots }
  }
  const one = (...args: string[]) => bootwire('simulate', '--data-dir', data, ...args)
  return { assets, all, one }
}

const LINUX = `
profiles:
  x: { kernel: linux, initrd: initrd }
  arm: { kernel: linux-arm64, initrd: initrd }
  quiet: { ignore: true }
machines:
  web: { mac: ["52:54:00:00:00:01", "52:54:00:00:00:02"], profile: x }
`

const brief = ({ boots }: Boots) => boots.map(({ machine, as, ok }) => `${machine} ${as} ${ok}`)

describe('bootwire simulate --all', () => {
  it('walks every card of every machine on every firmware, and exits 0 where all boot', async () => {
    const { all } = await start(
      `${LINUX}  other: { mac: "52:54:00:00:00:03", profile: quiet }\n  disk: { serial: S1, profile: local }\n`,
    )
    const result = await all()
    expect(result.boots.filter(({ ok }) => !ok)).toEqual([])
    expect(result).toMatchObject({ code: 0, ok: true })
    expect(brief(result).toSorted()).toEqual(
      ['disk', 'other', 'web', 'web']
        .flatMap((name) => [`${name} bios true`, `${name} uefi-x64 true`])
        .toSorted(),
    )
  })

  it('walks a machine whose kernel is for ARM as that', async () => {
    const { all } = await start(`${LINUX}  pi: { mac: "52:54:00:00:00:03", profile: arm }\n`)
    const result = await all()
    expect(brief(result)).toContain('pi uefi-arm64 true')
    expect(result.boots.filter(({ machine }) => machine === 'pi')).toHaveLength(1)
    const forced = await all('--as', 'uefi-x64')
    expect(forced.code).toBe(1)
    expect(forced.boots.find(({ machine }) => machine === 'pi')?.failure?.reason).toContain(
      'is a kernel for arm64',
    )
  })

  it.each([
    ['is gone', (file: string) => rmSync(file), 'is not there: http'],
    ['is empty', (file: string) => truncateSync(file, 0), 'is empty'],
    ['is cut', (file: string) => truncateSync(file, 4096), 'it is cut'],
    ['is a page', (file: string) => writeFileSync(file, '<html>not found'), 'is no kernel'],
  ])('exits 1 with machine, stage and reason where the kernel %s', async (_what, harm, reason) => {
    const { assets, all, one } = await start(LINUX)
    const kernel = join(assets, 'linux')
    expect(existsSync(kernel)).toBe(true)
    harm(kernel)
    const result = await all()
    expect(result).toMatchObject({ code: 1, ok: false })
    expect(result.boots).toHaveLength(4)
    for (const { machine, ok, failure } of result.boots) {
      expect({ machine, ok, stage: failure?.stage }).toEqual({
        machine: 'web',
        ok: false,
        stage: 'http',
      })
      expect(failure?.reason).toContain(reason)
    }
    const single = await one('--as', 'bios', '--mac', '52:54:00:00:00:01')
    expect(single.code).toBe(1)
    expect(single.out).toContain(reason)
  })

  it('exits 1 where an initrd is empty', async () => {
    const { assets, all } = await start(LINUX)
    truncateSync(join(assets, 'initrd'), 0)
    const { code, boots } = await all()
    expect(code).toBe(1)
    expect(boots[0]?.failure?.reason).toContain('initrd is empty')
  })

  it('exits 1 for a machine that nothing is decided for, and says what its console says', async () => {
    const { one } = await start(LINUX)
    const { code, out } = await one('--mac', '52:54:00:00:00:99')
    expect(code).toBe(1)
    expect(out).toContain('BW-UNKNOWN')
  })

  it('exits 1 where there is no machine to walk, and refuses one beside it', async () => {
    const { all, one } = await start('')
    expect(await all()).toEqual({ code: 1, ok: false, boots: [] })
    const { code, err } = await one('--all', '--mac', '52:54:00:00:00:99')
    expect(code).toBe(2)
    expect(err).toContain('leave out --mac')
  })
})
