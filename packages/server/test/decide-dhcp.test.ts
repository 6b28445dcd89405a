import { describe, expect, it } from 'vitest'

import type { DhcpFacts } from '../src/decide/dhcp.ts'
import { serviceFor } from './support.ts'

const MAC = '52:54:00:00:00:01'

const asks = (over: Partial<DhcpFacts> = {}): DhcpFacts => ({
  mac: MAC,
  architectures: [0],
  firmware: 'bios-pxe',
  userClasses: [],
  vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
  localAddress: '10.0.0.5',
  ...over,
})
const EFI = { architectures: [7], firmware: 'uefi-pxe' } as const
const HTTP = { architectures: [16], firmware: 'uefi-http' } as const
const IPXE = { firmware: 'ipxe', userClasses: ['iPXE'] } as const

const YAML = `
profiles:
  shim: { efi: "http://h/unused", httpBoot: "http://h/boot.efi", local: true }
  never: { ignore: true }
machines:
  ignored: { mac: "52:54:00:00:00:09", profile: never }
  shimmed: { mac: "52:54:00:00:00:08", profile: shim }
groups:
  - { name: by-serial, match: { serial: S1 }, profile: never }`

describe('DHCP', () => {
  it.each<readonly [string, Partial<DhcpFacts>, string]>([
    ['PC BIOS', {}, 'undionly.kpxe'],
    ['UEFI x64', EFI, 'ipxe.efi'],
    ['EBC, which some x64 firmware still says', { ...EFI, architectures: [9] }, 'ipxe.efi'],
    ['UEFI HTTP Boot', HTTP, 'http://10.0.0.5:8080/ipxe/ipxe.efi'],
  ])('gives %s its boot file', async (_name, over, file) => {
    const { service } = await serviceFor('')
    expect(service.decisions.dhcp(asks(over))).toMatchObject({ action: 'boot', file })
  })

  it('gives iPXE the signed URL of its script', async () => {
    const { service } = await serviceFor('')
    expect(service.decisions.dhcp(asks(IPXE))).toHaveProperty(
      'file',
      expect.stringMatching(
        /^http:\/\/10\.0\.0\.5:8080\/script\?mac=52:54:00:00:00:01&arch=0&boot=1-0&sig=[\w-]{22}$/,
      ),
    )
  })

  it('lets iPXE without a hardware address say who it is by itself', async () => {
    const { service } = await serviceFor('')
    const { mac: _absent, ...facts } = asks(IPXE)
    const file = 'http://10.0.0.5:8080/boot.ipxe'
    expect(service.decisions.dhcp(facts)).toMatchObject({ action: 'boot', file })
  })

  it('stays silent where there is no binary, and says what to install', async () => {
    const { service } = await serviceFor('')
    const decision = service.decisions.dhcp(asks({ architectures: [11], firmware: 'uefi-pxe' }))
    expect(decision.action).toBe('ignore')
    expect(decision.reasons?.at(-1)?.why).toContain('somewhere')
  })

  it('never answers a machine whose profile says so', async () => {
    const { service } = await serviceFor(YAML)
    expect(service.decisions.dhcp(asks({ mac: '52:54:00:00:00:09' })).action).toBe('ignore')
  })

  it('hands out iPXE while a fact is unknown that could decide otherwise, and says which', async () => {
    const { service } = await serviceFor(YAML)
    const decision = service.decisions.dhcp(asks())
    expect(decision).toMatchObject({ action: 'boot', file: 'undionly.kpxe' })
    expect(decision.reasons?.[0]?.why).toContain('serial is not known yet')
  })

  it('gives the programs that a profile names to UEFI and to HTTP Boot', async () => {
    const { service } = await serviceFor(YAML)
    const mac = '52:54:00:00:00:08'
    expect(service.decisions.dhcp(asks({ ...EFI, mac }))).toMatchObject({
      file: 'http://h/unused',
    })
    expect(service.decisions.dhcp(asks({ ...HTTP, mac }))).toMatchObject({
      file: 'http://h/boot.efi',
    })
    expect(service.decisions.dhcp(asks({ mac }))).toMatchObject({ file: 'undionly.kpxe' })
  })

  it('gives the same answer to the same packet however often it is asked', async () => {
    const { service } = await serviceFor(YAML)
    const first = service.decisions.dhcp(asks())
    expect(service.decisions.dhcp(asks())).toEqual(first)
    expect(service.store.usage.machines).toBe(0)
  })
})
