import type { IpxeSlot } from '../../../model/ipxe-binaries.ts'
import type { Decision } from './decide.ts'

const IPXE_NAMES = /ipxe|gpxe|undionly|snponly|\.k{1,3}pxe$/i
const OTHER_LOADERS =
  /pxelinux|syslinux|grub|shim|boot(?:x64|ia32|aa64|mgfw)|wdsnbp|memtest|core\.0|elilo|systemd-boot/i

const basename = (file: string): string => file.split('/').at(-1) ?? file

/** True where a program that firmware gets is an iPXE: by its name, or since iPXE is told to go on from there. */
export const isIpxe = (file: string, whatIpxeGets: Decision): boolean => {
  const name = basename(file)
  if (IPXE_NAMES.test(name) && !/\.ipxe$/i.test(name)) return true
  if (OTHER_LOADERS.test(name)) return false
  return whatIpxeGets.kind === 'file' && whatIpxeGets.file !== file
}

/** Where our configuration names the iPXE of an architecture. */
export const SLOT_OF: Readonly<Record<number, IpxeSlot>> = {
  0: 'bios',
  6: 'efi-ia32',
  7: 'efi-x64',
  9: 'efi-x64',
  10: 'efi-arm32',
  11: 'efi-arm64',
}

/** PXE architectures that are told apart; those above 11 dnsmasq has no names for. */
export const ARCHITECTURES: readonly number[] = Object.keys(SLOT_OF).map(Number)

/** Architectures of UEFI HTTP Boot, which dnsmasq's PXE does not answer. */
export const HTTP_ARCHITECTURES: readonly number[] = [15, 16, 18, 19, 20]
