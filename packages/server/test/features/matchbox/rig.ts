import { createRoutes, type RouteTools } from '../../../src/features/matchbox/routes.ts'
import { openServer } from '../../../src/features/matchbox/server.ts'
import { Store } from '../../../src/features/matchbox/store.ts'
import { temporaryFolder, writeFiles } from '../../support.ts'

/** What came back, with what it took to get it. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const told = (headers: Headers): Record<string, string> => {
  const all = Object.fromEntries(headers)
  delete all['date']
  return all
}

/** A matchbox on loopback with a data folder of its own. */
export const openMatchbox = async (
  files: Readonly<Record<string, string>>,
  tools: Partial<RouteTools> = {},
) => {
  const folder = temporaryFolder()
  writeFiles(folder, files)
  const skipped: string[] = []
  const missing: string[] = []
  const failed: unknown[] = []
  const store = new Store(folder, (file, why) => void skipped.push(`${file}: ${why}`))
  const mux = createRoutes({
    store,
    onMissing: ({ path }, why) => void missing.push(`${path}: ${why}`),
    ...tools,
  })
  const server = await openServer(
    mux,
    { address: '127.0.0.1', port: 0 },
    {
      onAnswered: () => undefined,
      onFailed: (error) => void failed.push(error),
      onRefused: () => undefined,
    },
  )
  const base = `http://127.0.0.1:${server.port}`
  const ask = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(base + path, { redirect: 'manual', ...init })
    return {
      status: response.status,
      headers: told(response.headers),
      body: Buffer.from(await response.arrayBuffer()).toString('utf8'),
    }
  }
  return {
    folder,
    base,
    port: server.port,
    skipped,
    missing,
    failed,
    ask,
    /** Body where it was found, else the status. */
    get: async (path: string): Promise<string | number> => {
      const { status, body } = await ask(path)
      return status === 200 ? body : status
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

export const group = (fields: object): string => JSON.stringify(fields)

export const TEXT = 'text/plain; charset=utf-8'

/** A data folder with one machine that has everything, and a default. */
export const NODE = {
  'groups/node.json': group({
    id: 'node',
    profile: 'p',
    selector: { mac: '52-54-00-AA-00-01' },
    metadata: { name: 'n1', big: 1_000_000, list: ['a', 1], nothing: null, deep: { x: true } },
  }),
  'groups/default.json': group({ id: 'default', profile: 'q' }),
  'profiles/p.json': group({
    id: 'p',
    boot: {
      kernel: '/assets/vmlinuz',
      initrd: ['--name main /assets/a.img', '/assets/b.img'],
      args: ['console=tty0', 'url=${uuid}'],
    },
    generic_id: 'g',
    cloud_id: 'c',
    ignition_id: 'i.ign',
  }),
  'profiles/q.json': group({ id: 'q' }),
  'generic/g': 'host {{.name}} {{.mac}} {{.request.query.mac}} {{.request.raw_query}}\n',
  'cloud/c': '#cloud-config\nhostname: {{.name}}\n',
  'ignition/i.ign': '{"ignition":{"version":"3.1.0"},"systemd":{"units":[{"name":"a&b<c>"}]}}',
}
export const MAC = 'mac=52:54:00:aa:00:01'
