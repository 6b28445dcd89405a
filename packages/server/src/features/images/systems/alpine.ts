import { textIn, pairIn, type Recognise } from './system.ts'

/** Flavours of kernel, as the media are named after them. */
const FLAVOURS = ['lts', 'virt', 'stable', 'rpi']

/** Alpine: its repository and the kernel's modules are taken out of the image. */
export const alpine: Recognise = async (image) => {
  const release = await textIn(image, '.alpine-release')
  if (release === undefined) return undefined
  const pair = await pairIn(
    image,
    FLAVOURS.map((each) => [`boot/vmlinuz-${each}`, `boot/initramfs-${each}`] as const),
  )
  if (!pair) return undefined
  const modloop = pair.kernel.replace('vmlinuz', 'modloop')
  return {
    system: `Alpine ${release.trim().replace(/^alpine-/, '')}`,
    boot: {
      ...pair,
      args: ({ tree }) => [
        'ip=dhcp',
        'modules=loop,squashfs',
        `alpine_repo=${tree}/apks`,
        `modloop=${tree}/${modloop}`,
      ],
    },
    notes: [],
  }
}
