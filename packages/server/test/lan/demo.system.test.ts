import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, it, vi } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'

const DEMO = fileURLToPath(new URL('../../../../scripts/demo.ts', import.meta.url))
const FROM_SOURCE = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), DEMO]
/** Not the process of another user: that could not read a clone in root's home. */
const AS_ANOTHER_USER = ['--import', 'data:text/javascript,process.getuid=()=>65534']

const demo = async (
  args: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<{ code: number | null; said: string; pid: number }> => {
  const child = spawn(process.execPath, [...nodeOptions, ...FROM_SOURCE, ...args])
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  await once(child, 'close')
  return { code: child.exitCode, said, pid: child.pid! }
}

const STORY = [
  'power',
  'DISCOVER',
  'offer',
  'TFTP',
  'iPXE',
  'offer',
  'script',
  'kernel',
  'initrd',
  'Linux',
  'booted',
]

const namespacesOf = (pid: number): string[] =>
  readdirSync('/run/netns').filter((name) => name.includes(`-${pid}-`))

describeSystem('npm run demo', () => {
  it('tells a boot from power-on to Linux, and leaves nothing behind', async () => {
    const { code, said, pid } = await demo(['bios-pxe'])
    const labels = [...said.matchAll(/^ *[\d.]+ s {2}(\w+)/gm)].map(([, label]) => label)
    const told = labels.filter((label, i) => label !== labels[i - 1])
    expect(told.slice(0, STORY.length)).toEqual(STORY)
    expect(said).toMatch(/100 %/)
    expect(said).toMatch(/Booted over the network in [\d.]+ s/)
    expect(code).toBe(0)
    expect(namespacesOf(pid)).toEqual([])
  })

  it('leaves nothing behind when Ctrl-C ends it in the middle of a boot', async () => {
    const child = spawn(process.execPath, [...FROM_SOURCE, 'bios-ipxe'], { detached: true })
    const closed = once(child, 'close')
    let said = ''
    child.stderr.resume()
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    await vi.waitFor(() => expect(said).toContain('asks what to boot'), { timeout: 60_000 })
    expect(namespacesOf(child.pid!)).toHaveLength(3)
    process.kill(-child.pid!, 'SIGINT') // to all of its group, as a terminal does
    await closed
    expect(child.exitCode).toBe(130)
    await vi.waitFor(() => expect(namespacesOf(child.pid!)).toEqual([]), { timeout: 10_000 })
  })

  it('says in one line what it needs when it is not run by root', async () => {
    const { code, said } = await demo([], AS_ANOTHER_USER)
    expect(said.trim().split('\n')).toEqual([expect.stringContaining('sudo npm run demo')])
    expect(code).toBe(1)
  })
})
