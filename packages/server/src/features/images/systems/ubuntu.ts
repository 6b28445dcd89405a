import { pairIn, textIn, type ImageBoot, type Recognise } from './system.ts'

/** From here on the initrd knows `iso-url`; `url` is also cloud-init's name for a configuration to fetch. */
const KNOWS_ISO_URL = 24.04

const serverArgs =
  (version: number): ImageBoot['args'] =>
  ({ image }) =>
    version >= KNOWS_ISO_URL
      ? ['ip=dhcp', `iso-url=${image}`]
      : ['ip=dhcp', `url=${image}`, 'cloud-config-url=/dev/null']

const desktopArgs: ImageBoot['args'] = ({ image }) => [
  'boot=casper',
  'netboot=url',
  `url=${image}`,
  'ip=dhcp',
]

/** Ubuntu: live-server and desktop. */
export const ubuntu: Recognise = async (image) => {
  const info = await textIn(image, '.disk/info')
  const version = /^Ubuntu(?:-Server)? (\d\d\.\d\d)/.exec(info ?? '')?.[1]
  const pair = await pairIn(image, [
    ['casper/vmlinuz', 'casper/initrd'],
    ['casper/hwe-vmlinuz', 'casper/hwe-initrd'],
  ])
  if (info === undefined || version === undefined || !pair) return undefined
  const isServer = info.startsWith('Ubuntu-Server')
  return {
    system: info.split(' - ')[0]!.trim(),
    boot: { ...pair, args: isServer ? serverArgs(Number(version)) : desktopArgs },
    notes: [
      'the machine loads the whole image into its memory: give it twice the size of the image',
    ],
  }
}
