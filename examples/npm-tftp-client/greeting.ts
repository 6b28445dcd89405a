import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { createTftpServer, refuse } from '@bootwire/tftp'
import { createClient } from 'tftp'

/** Serves a greeting that names the client, fetches it with the npm client, and returns what arrived. */
export const fetchGreeting = async (name: string): Promise<string> => {
  const server = createTftpServer({
    read: ({ filename, peer }) =>
      filename === 'greeting.txt'
        ? Buffer.from(`hello ${peer.address}\n`)
        : refuse(1, 'only greeting.txt'),
  })
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'greeting-'))
  try {
    const client = createClient({
      host: '127.0.0.1',
      port,
      windowSize: 1,
      timeout: 255,
      retries: 5,
    })
    const local = join(folder, 'greeting.txt')
    await promisify(client.get.bind(client))(name, local)
    return await readFile(local, 'utf8')
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.stdout.write(await fetchGreeting('greeting.txt'))
