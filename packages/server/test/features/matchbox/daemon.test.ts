import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { startDaemon } from '../../../src/daemon/daemon.ts'
import { FEATURES } from '../../../src/features/index.ts'
import { activate, loadFile, loadText } from '../../../src/load/load.ts'
import { EventLog } from '../../../src/log/event-log.ts'
import { askSocket, IPXE, temporaryFolder, writeFiles } from '../../support.ts'
import { freePort } from './free-port.ts'

const YAML = 'server: { dhcp: { enabled: false }, tftp: { port: 0 }, http: { port: 0 } }\n'

describe('matchbox:', () => {
  it('answers on its own port from the folders beside the configuration, and tells why not', async () => {
    const folder = temporaryFolder()
    const port = await freePort()
    writeFiles(folder, {
      'bootwire.yaml': `${YAML}matchbox: { data: box, assets: files, address: 127.0.0.1, port: ${port} }\n`,
      'box/groups/a.json': '{"id":"a","profile":"p","selector":{"os":"x"}}',
      'box/profiles/p.json': '{"id":"p","boot":{"kernel":"k"}}',
      'files/k': 'KERNEL',
    })
    const loaded = await loadFile(join(folder, 'bootwire.yaml'), { features: FEATURES })
    if (!loaded.ok) throw new Error(loaded.issues[0]?.message)
    const log = new EventLog()
    const told: unknown[] = []
    log.subscribe(({ event, path, why }) => event === 'http.missing' && told.push({ path, why }))
    const daemon = await startDaemon({
      configuration: await activate(loaded),
      interfaces: [{ interface: 'lo', address: '127.0.0.1' }],
      data: temporaryFolder(),
      ipxe: IPXE,
      log,
      features: FEATURES,
    })
    const get = async (path: string): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    expect(await get('/ipxe?os=x')).toBe('#!ipxe\nkernel k\nboot\n')
    expect(await get('/assets/k')).toBe('KERNEL')
    expect(await get('/ipxe?os=y')).toBe('404 page not found\n')
    expect(told).toEqual([{ path: '/ipxe', why: 'no group matches' }])
    expect(JSON.parse((await askSocket(daemon.admin.socket, '/status')).body)).toMatchObject({
      panels: [
        {
          title: 'matchbox',
          rows: [
            ['/ipxe 200', '1', ''],
            ['/assets/ 200', '1', ''],
            ['other 404', '1', 'no group matches'],
          ],
        },
      ],
    })
    await daemon.close()
    await expect(get('/')).rejects.toThrow('fetch failed')
  })

  it('is refused, at its line, where a folder is not there', async () => {
    const text = 'matchbox:\n  data: nowhere\n  assets: neither\n  keyRing: none\n  prot: 1\n'
    const loaded = await loadText(text, '/nonexistent/boot.yaml', { features: FEATURES })
    expect(!loaded.ok && loaded.issues.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '5: unknown key "prot"; did you mean "port"?',
    ])
    const folders = await loadText(text.replace('  prot: 1\n', ''), '/nonexistent/boot.yaml', {
      features: FEATURES,
    })
    expect(!folders.ok && folders.issues.map(({ line, message }) => `${line}: ${message}`)).toEqual(
      ['2: nowhere is no folder', '3: neither is no folder', '4: none is no file'],
    )
  })
})
