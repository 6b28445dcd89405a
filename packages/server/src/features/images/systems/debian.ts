import type { IsoImage } from '@bootwire-internal/iso9660'

import { pairIn, textIn, type Recognise, type Recognised } from './system.ts'

const nameOf = (info: string | undefined, { labels }: IsoImage): string =>
  info?.split(' - ')[0]?.trim() || labels.volumeId

/** Kernel and initrd carry the kernel's version in their names, at times twice. */
const livePairIn = async (image: IsoImage): ReturnType<typeof pairIn> => {
  const names = ((await image.list('live')) ?? []).map(({ name }) => name).toSorted()
  const kernels = names.filter((name) => name.startsWith('vmlinuz'))
  return pairIn(
    image,
    kernels.map((kernel) => {
      const version = kernel.slice('vmlinuz'.length)
      const own = [`initrd.img${version}`, `initrd${version}`].find((each) => names.includes(each))
      return [`live/${kernel}`, `live/${own ?? 'initrd.img'}`] as const
    }),
  )
}

const MINI_NOTES = ['it installs from a mirror; a preseed says from which']

/** The installer's own medium for the network: the pair in it needs nothing else of the image. */
const mini = async (image: IsoImage): Promise<Recognised | undefined> => {
  const info = await textIn(image, '.disk/mini-info')
  const pair = info === undefined ? undefined : await pairIn(image, [['linux', 'initrd.gz']])
  return (
    pair && {
      system: `${nameOf(info, image)}, mini.iso`,
      boot: { ...pair, args: () => [] },
      notes: MINI_NOTES,
    }
  )
}

/** The initrds of the other media look for a drive, and have no other way to their packages. */
const CD_NOTES = [
  "its installer looks for a drive with this medium, which a network boot does not have; boot the release's netboot kernel and initrd instead",
  'what has all packages (a DVD, no netinst) is a mirror for them: mirror/country=manual, mirror/http/hostname=ADDRESS:PORT of this server, mirror/http/directory=/images/NAME',
]

/** Debian: mini.iso, live systems, installer media. */
export const debian: Recognise = async (image) => {
  const found = await mini(image)
  if (found) return found
  const info = await textIn(image, '.disk/info')
  const isDebian =
    /^(Official )?Debian/.test(info ?? '') || image.labels.volumeId.startsWith('d-live ')
  if (!isDebian) return undefined
  const squashfs = 'live/filesystem.squashfs'
  const pair = (await image.open(squashfs)) && (await livePairIn(image))
  if (pair) {
    return {
      system: nameOf(info, image),
      boot: {
        ...pair,
        args: ({ tree }) => ['boot=live', 'components', `fetch=${tree}/${squashfs}`],
      },
      notes: ['the machine loads the live system into its memory'],
    }
  }
  return { system: nameOf(info, image), notes: CD_NOTES }
}
