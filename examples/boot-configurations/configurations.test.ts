import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openConfiguration, type OpenedConfiguration } from '@bootwire/server'
import { describe, expect, it } from 'vitest'

const ask = async <T>(
  name: string,
  work: (opened: OpenedConfiguration) => Promise<T>,
): Promise<T> => {
  const data = mkdtempSync(join(tmpdir(), 'bootwire-example-'))
  const file = new URL(`${name}/bootwire.yaml`, import.meta.url).pathname
  const opened = await openConfiguration({ file, address: '127.0.0.1', data })
  try {
    return await work(opened)
  } finally {
    await opened.close()
    rmSync(data, { recursive: true, force: true })
  }
}

/** What iPXE gets in the end: a script that counts is one line first, with the signed URL of it. */
const script = async ({ base }: OpenedConfiguration, query: string): Promise<string> => {
  const text = await (await fetch(`${base}/script?${query}`)).text()
  const [, signed] = /^#!ipxe\nchain \S+ \S+ ([^\s$]+&sig=[^\s$]+)\n$/.exec(text) ?? []
  return signed === undefined ? text : (await fetch(signed)).text()
}

const final = (mac: string, more = ''): string =>
  `mac=${mac}&final=1&buildarch=x86_64&platform=efi${more}`

describe('each configuration, started', () => {
  it('home network: a menu, a rescue system, and the disk for the rest', () =>
    ask('home-network', async (opened) => {
      expect(await script(opened, 'mac=52:54:00:00:00:01')).toContain('menu Living room')
      expect(await script(opened, 'mac=52:54:00:00:00:02')).toContain('sysresccd.img')
      expect(await script(opened, 'mac=52:54:00:00:00:99')).toContain('BW-UNKNOWN')
    }))

  it('rack by prefix: the agent, or storage by serial number, which DHCP does not know', () =>
    ask('rack-by-prefix', async (opened) => {
      expect(await script(opened, 'mac=3c:ec:ef:00:00:01')).toMatch(
        /\/script\?mac=3c:ec:ef:00:00:01&\S+&final=1/,
      )
      expect(await script(opened, final('3c:ec:ef:00:00:01', '&serial=SM-0001'))).toContain(
        'agent.site=north agent.host=3c-ec-ef-00-00-01 ||',
      )
      expect(await script(opened, final('3c:ec:ef:00:00:01', '&serial=SM-0042'))).toContain(
        'agent.role=storage',
      )
    }))

  it('kickstart over serial: the console of the architecture, the kickstart, then the disk', () =>
    ask('kickstart-over-serial', async (opened) => {
      const text = await script(opened, final('52:54:00:00:00:12'))
      expect(text).toContain('console=ttyS0,115200')
      const ks = await fetch(/inst\.ks=(\S+)/.exec(text)?.[1] ?? '')
      const kickstart = await ks.text()
      expect(kickstart).toContain('--hostname=db2')
      expect(kickstart).toContain('--only-use=nvme0n1')
      expect(await (await fetch(/curl -fsS (\S+done)/.exec(kickstart)?.[1] ?? '')).text()).toBe(
        'done\n',
      )
      expect(await script(opened, final('52:54:00:00:00:12'))).toContain('sanboot')
    }))

  it('Fedora CoreOS: valid Ignition with the name, then the disk', () =>
    ask('fedora-coreos', async (opened) => {
      const text = await script(opened, final('52:54:00:00:00:21'))
      const answer = await fetch(/ignition_url=(\S+)/.exec(text)?.[1] ?? '')
      expect(answer.headers.get('content-type')).toContain('ignition+json')
      expect(JSON.stringify(await answer.json())).toContain('data:,node1')
      expect(await script(opened, final('52:54:00:00:00:21'))).toContain('sanboot')
    }))

  it('Debian preseed: the secret from its file, the report at its end', () =>
    ask('debian-preseed', async (opened) => {
      const text = await script(opened, final('52:54:00:00:00:31'))
      const preseed = await (await fetch(/ url=(\S+)/.exec(text)?.[1] ?? '')).text()
      expect(preseed).toContain('password $6$example$')
      expect(preseed).toContain('get_hostname string web1')
      expect(preseed).toMatch(/wget -qO- http:\S+\/done/)
    }))

  it('a menu with netboot.xyz for machines nobody knows', () =>
    ask('netboot-xyz-menu', async (opened) => {
      const first = await script(opened, 'mac=52:54:00:00:00:77')
      expect(first).toContain('choose=choose')
      expect(await script(opened, 'mac=52:54:00:00:00:77&choose=choose')).toContain(
        'item --key n item-1 netboot.xyz',
      )
      expect(await script(opened, 'mac=52:54:00:00:00:77&choose=choose,netboot-xyz')).toContain(
        'boot.netboot.xyz/menu.ipxe',
      )
    }))

  it('coming from dnsmasq: decides as those six pxe-service lines do', () =>
    ask('coming-from-dnsmasq', async (opened) => {
      for (const [architecture, file] of [
        [0, 'undionly.kpxe'],
        [9, 'ipxe.efi'],
        [7, 'ipxe.efi'],
      ] as const) {
        expect(opened.bootFile({ architecture })).toBe(file)
        expect(
          opened.bootFile({ architecture, userClass: 'iPXE', mac: '52:54:00:00:00:01' }),
        ).toContain(`${opened.base}/script?mac=52:54:00:00:00:01&arch=${architecture}&`)
      }
      expect(await script(opened, 'mac=52:54:00:00:00:01')).toContain('http://mirror.lan/vmlinuz')
    }))
})
