import type { IsoImage } from '@bootwire-internal/iso9660'

import type { Recognise } from './system.ts'

interface Other {
  readonly system: string
  /** A path that only they have. */
  readonly marker: string
  readonly note: string
}

/** Systems that cannot be booted whole out of their image, and why. */
const OTHERS: readonly Other[] = [
  {
    system: 'NixOS',
    marker: 'nix-store.squashfs',
    note: 'its initrd looks for a drive with this label; boot the netboot build of NixOS instead',
  },
  {
    system: 'Proxmox',
    marker: 'pve-base.squashfs',
    note: 'its initrd wants the whole image as a file of its own, called proxmox.iso, which no profile can add yet',
  },
]

const WINDOWS: Omit<Other, 'marker'> = {
  system: 'Windows',
  note: 'its files are in UDF, which is not read here; unpack sources/boot.wim and boot it by wimboot',
}

const isWindows = ({ hasUdf, labels }: IsoImage): boolean =>
  hasUdf && /MICROSOFT/i.test(`${labels.publisherId} ${labels.applicationId} ${labels.preparerId}`)

/** What is known not to work. */
export const others: Recognise = async (image) => {
  if (isWindows(image)) return { system: WINDOWS.system, notes: [WINDOWS.note] }
  for (const { system, marker, note } of OTHERS) {
    // oxlint-disable-next-line no-await-in-loop -- the first counts
    if (await image.find(marker)) return { system, notes: [note] }
  }
  return undefined
}
