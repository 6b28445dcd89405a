import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { folder, run } from '../../src/run/index.ts'

let root = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bootwire-ipxe-folder-'))
  await writeFile(join(root, 'next file.ipxe'), '#!ipxe\nexit 4\n')
})

afterAll(() => rm(root, { recursive: true, force: true }))

it('serves the files of a folder under any host', async () => {
  const { summary } = await run(
    '#!ipxe\nchain http://any.host/next%20file.ipxe?mac=${mac} || exit ${errno}\n',
    {
      network: folder(root),
    },
  )
  expect(summary).toBe('falls through to the firmware with status 4')
})

it.each([
  'http://h/../secret',
  'http://h/%2e%2e/secret',
  'http://h/nothing',
  'http://h/',
  'http://h',
  'foo:bar',
  'http://h/%zz',
  'http://h/%00',
])('has no %s', async (uri) => {
  expect(
    await folder(root)({ uri, method: 'GET', parameters: [], headers: [], atMs: 0 }),
  ).toBeUndefined()
})
