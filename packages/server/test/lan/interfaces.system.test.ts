import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeSystem } from '../../../../scripts/system-tests.ts'
import { Bed, NETWORK } from './bed.ts'
import { Daemon } from './daemon.ts'

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const MAC = '52:54:00:ac:71:02'
const CONFIG = `
server: { interfaces: [eth0, eth1, eth2] }
profiles: { disk: { local: true } }
machines: { m: { mac: "${MAC}", profile: disk } }`

interface Probed {
  readonly offers: readonly { readonly from: string; readonly nextServer: string }[]
}

describeSystem('several interfaces in one daemon', () => {
  let bed: Bed
  beforeEach(async () => {
    bed = new Bed()
    // Two more wires; each ends in both namespaces.
    const far = bed.spawn('main', 'sleep', ['600'])
    const ip = (place: 'main' | 'boot', ...args: string[]) => bed.run(place, 'ip', args)
    await bed.run('main', 'true', [])
    const peer = (name: string) => ['type', 'veth', 'peer', 'name', name, 'netns', `${far.pid}`]
    for (const name of ['eth1', 'eth2']) {
      // oxlint-disable-next-line no-await-in-loop -- one wire after the other
      await ip('boot', 'link', 'add', name, ...peer(name))
      // oxlint-disable-next-line no-await-in-loop -- the same
      for (const place of ['boot', 'main'] as const) await ip(place, 'link', 'set', name, 'up')
    }
    await ip('main', 'address', 'add', '10.78.0.1/24', 'brd', '+', 'dev', 'eth1')
    await ip('main', 'address', 'add', '10.79.0.1/24', 'brd', '+', 'dev', 'eth2')
    await ip('boot', 'address', 'add', '10.78.0.2/24', 'brd', '+', 'dev', 'eth1')
  })
  afterEach(() => bed.close())

  const bootwire = (...args: string[]): Promise<string> => {
    const source = ['--conditions=@bootwire/source', '--import', import.meta.resolve('tsx'), CLI]
    // A probe without a DHCP server beside the proxy exits with 1: such a machine would not boot.
    const words = ['-c', '"$@" || true', 'sh', process.execPath, ...source, ...args]
    return bed.run('main', 'sh', words)
  }

  /** What a machine on the wire of an address of `main` is offered, and what it then gets there. */
  const boots = async (address: string, server: string): Promise<void> => {
    const probe = ['dhcp', 'probe', '--as', 'uefi-x64', '--address', address, '--mac', MAC]
    const probed: Probed = JSON.parse(await bootwire(...probe, '--wait', '2', '--json'))
    expect(probed.offers).toMatchObject([{ from: server, nextServer: server }])
    expect(await bootwire('tftp', 'get', `tftp://${server}/ipxe.efi`, '-')).toMatch(/^MZ/)
    const script = await bed.run('main', 'curl', ['-sf', `http://${server}:8080/boot.ipxe`])
    expect(script).toContain(`http://${server}:8080/script`)
  }

  it('are each served at their own address, one that comes late and one that changes too', async () => {
    const daemon = await Daemon.start(bed, CONFIG, { anywhere: true })
    expect(daemon.events.find(({ event }) => event === 'ready')).toMatchObject({
      interfaces: [
        { interface: 'eth0', address: NETWORK.boot },
        { interface: 'eth1', address: '10.78.0.2' },
      ],
    })
    await boots(NETWORK.main, NETWORK.boot)
    await boots('10.78.0.1', '10.78.0.2')

    await bed.run('boot', 'ip', ['address', 'add', '10.79.0.2/24', 'brd', '+', 'dev', 'eth2'])
    await daemon.logs(({ why }) => String(why).startsWith('eth2 has 10.79.0.2 now'))
    await boots('10.79.0.1', '10.79.0.2')

    await bed.run('boot', 'ip', ['address', 'flush', 'dev', 'eth1'])
    await daemon.logs(({ why }) => String(why).startsWith('eth1 has lost 10.78.0.2'))
    await bed.run('boot', 'ip', ['address', 'add', '10.78.0.9/24', 'brd', '+', 'dev', 'eth1'])
    await daemon.logs(({ why }) => String(why).startsWith('eth1 has 10.78.0.9 now'))
    // ProxyDHCP looks for itself, as often.
    await daemon.logs(
      ({ code, message }) => code === 'address-changed' && String(message).includes('10.78.0.9'),
    )
    await boots('10.78.0.1', '10.78.0.9')
    await boots(NETWORK.main, NETWORK.boot)
    expect(daemon.events.filter(({ code }) => code === 'second-proxy')).toEqual([])
    expect(await daemon.stop()).toBe(0)
  })
})
