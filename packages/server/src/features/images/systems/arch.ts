import { pairIn, textIn, type Recognise } from './system.ts'

/** Arch: the initramfs fetches the rest of the live system from the tree, at a URL that must end in a slash. */
export const arch: Recognise = async (image) => {
  const pair = await pairIn(image, [
    ['arch/boot/x86_64/vmlinuz-linux', 'arch/boot/x86_64/initramfs-linux.img'],
  ])
  if (!pair) return undefined
  const version = (await textIn(image, 'arch/version'))?.trim()
  return {
    system: `Arch Linux ${version ?? image.labels.volumeId}`,
    boot: {
      ...pair,
      args: ({ tree }) => ['archisobasedir=arch', `archiso_http_srv=${tree}/`, 'ip=dhcp'],
    },
    notes: ['the machine loads the live system into its memory'],
  }
}
