import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, it, vi } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { Bed } from './bed.ts'

const namespacesOf = (pid: number): string[] =>
  readdirSync('/run/netns').filter((name) => name.startsWith(`bwlan-${pid}-`))

/** A process that builds a bed, starts a program in it, says where it lies and waits. */
const OWNER = `
import { Bed } from ${JSON.stringify(fileURLToPath(new URL('bed.ts', import.meta.url)))}
const bed = new Bed()
const child = bed.spawn('boot', 'sleep', ['600'])
console.log(JSON.stringify({ folder: bed.folder, sleeper: child.pid }))
`

/** A process that is dead but not yet reaped by the host's init has no program any more. */
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/exe`)

describeSystem('a bed', () => {
  it('takes its namespaces, programs and files with it when it closes', async () => {
    const before = namespacesOf(process.pid).length
    const bed = new Bed()
    const { pid } = bed.spawn('main', 'sleep', ['600'])
    expect(namespacesOf(process.pid)).toHaveLength(before + 3)
    await bed.close()
    await bed.close()
    expect(namespacesOf(process.pid)).toHaveLength(before)
    expect(existsSync(bed.folder)).toBe(false)
    expect(isAlive(pid!)).toBe(false)
  })

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'is taken down when its owner dies of %s',
    async (signal) => {
      const options = [
        '--import',
        import.meta.resolve('tsx'),
        '--input-type=module',
        '--eval',
        OWNER,
      ]
      const owner = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
      const [line] = await once(owner.stdout, 'data')
      const { folder, sleeper }: { folder: string; sleeper: number } = JSON.parse(String(line))
      expect(namespacesOf(owner.pid!)).toHaveLength(3)
      expect(isAlive(sleeper)).toBe(true)
      owner.kill(signal)
      await once(owner, 'close')
      await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 10_000 })
      expect(namespacesOf(owner.pid!)).toEqual([])
      expect(isAlive(sleeper)).toBe(false)
    },
  )
})
