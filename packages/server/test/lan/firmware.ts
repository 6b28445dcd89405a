import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What a machine starts with:
 *
 * - `bios-ipxe`: SeaBIOS and the iPXE of the network card's ROM;
 * - `bios-pxe`: a BIOS machine whose boot ROM is not iPXE, see {@link PLAIN_ROM};
 * - `uefi`: OVMF and its own PXE client;
 * - `uefi-http`: OVMF and its own HTTP Boot client.
 */
export type Firmware = 'bios-ipxe' | 'bios-pxe' | 'uefi' | 'uefi-http'

/**
 * Stands in for a plain PXE ROM, which no Debian package has: iPXE that denies its name. It still sends option 175,
 * so that only the user class may tell a server what it is.
 *
 * The false name is set in the block that the main server's answer replaces. Set without a block, it would live on in
 * the cached answer that this ROM hands to undionly.kpxe, which would then deny its name as well and be sent
 * undionly.kpxe a second time; a real ROM hands on nothing of the kind.
 */
const PLAIN_ROM = `#!ipxe
set net0.dhcp/user-class NotIPXE
autoboot
`

const OVMF = '/usr/share/ovmf/OVMF.fd'
/** It starts only what somebody has signed whose key is in its variables; its build needs SMM, which only q35 has. */
const SECURE_OVMF = '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd'
/** Variables in which Microsoft's keys are enrolled, as on a machine from a shop: shim is signed with these. */
const SHOP_KEYS = '/usr/share/OVMF/OVMF_VARS_4M.ms.fd'

const flash = (unit: number, file: string, more: string = ''): string[] => [
  '-drive',
  `if=pflash,format=raw,unit=${unit},file=${file}${more}`,
]

const secureFirmware = (mac: string, folder: string): string[] => {
  const variables = join(folder, `variables-${mac.replaceAll(':', '-')}.fd`)
  copyFileSync(SHOP_KEYS, variables)
  const guarded = ['-global', 'driver=cfi.pflash01,property=secure,value=on']
  const machine = ['-machine', 'q35,smm=on', ...guarded]
  return [...machine, ...flash(0, SECURE_OVMF, ',readonly=on'), ...flash(1, variables)]
}

const withoutPxe = (version: 4 | 6): string[] => [
  '-fw_cfg',
  `name=opt/org.tianocore/IPv${version}PXESupport,string=n`,
]

const nic = (mac: string, ...more: string[]): string[] => [
  '-device',
  ['virtio-net-pci', 'netdev=lan', `mac=${mac}`, ...more].join(','),
]

/**
 * QEMU's arguments that make a machine of this kind; files it needs are written to `folder`.
 *
 * @param secureBoot whether UEFI checks signatures, with the keys of a machine from a shop
 */
export const firmwareArguments = (
  firmware: Firmware,
  mac: string,
  folder: string,
  secureBoot: boolean = false,
): string[] => {
  if (firmware === 'bios-ipxe') return nic(mac, 'bootindex=1')
  if (firmware === 'bios-pxe') {
    const script = join(folder, 'plain-rom.ipxe')
    writeFileSync(script, PLAIN_ROM)
    return ['-kernel', '/usr/lib/ipxe/ipxe.lkrn', '-initrd', script, ...nic(mac, 'romfile=')]
  }
  const own = secureBoot ? secureFirmware(mac, folder) : ['-bios', OVMF]
  const uefi = [...own, ...nic(mac, 'romfile=', 'bootindex=1'), '-device', 'virtio-rng-pci']
  return firmware === 'uefi' ? uefi : [...uefi, ...withoutPxe(4), ...withoutPxe(6)]
}
