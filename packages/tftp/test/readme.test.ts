import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { runInNewContext } from 'node:vm'

import { expect, it } from 'vitest'

import { createTftpServer, directory, get } from '../src/index.ts'

/** The first example of the README, as it stands there, with port 0 for 69. */
const example = async (): Promise<string> => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  return /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
}

it('the example of the README serves what it says', async () => {
  const code = await example()
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(15)
  expect(code).toContain("import { createTftpServer, directory } from '@bootwire/tftp'")
  const body = code
    .replace(/^import .*$/gm, '')
    .replace('port: 69', "port: 0, host: '127.0.0.1'")
    .replace('console.log', 'print')
    .replace('/srv/tftp', tmpdir())
  const printed: unknown[] = []
  const print = (...words: unknown[]) => printed.push(words)
  const script = `(async () => { ${body}; return { server, port } })()`
  const { server, port } = await runInNewContext(script, {
    createTftpServer,
    directory,
    print,
    Buffer,
  })
  const download = await get({ host: '127.0.0.1', port, filename: 'menu.ipxe' })
  expect(String(await download.bytes())).toBe('#!ipxe\necho hello 127.0.0.1\nshell\n')
  await server.close()
  expect(printed).toEqual([['done', 'menu.ipxe', '#!ipxe\necho hello 127.0.0.1\nshell\n'.length]])
})
