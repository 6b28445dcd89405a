import type { IsoImage } from '@bootwire-internal/iso9660'

import { hasOneOf, pairIn, textIn, type Recognise } from './system.ts'

const PAIRS = [
  ['images/pxeboot/vmlinuz', 'images/pxeboot/initrd.img'],
  // Live media that kiwi built.
  ['boot/x86_64/loader/linux', 'boot/x86_64/loader/initrd'],
  ['boot/aarch64/loader/linux', 'boot/aarch64/loader/initrd'],
] as const

const LIVE = 'LiveOS/squashfs.img'
const STAGE_2 = 'images/install.img'

/** Repositories on media: of Fedora, and of RHEL and its kin. */
const REPOSITORIES = ['repodata', 'BaseOS/repodata', 'Minimal/repodata', 'Server/repodata']

/** `name` in the tree's description, else the second line of `.discinfo`, else the label. */
const nameOf = async (image: IsoImage): Promise<string> => {
  const named = /^name *= *(.+)$/m.exec((await textIn(image, '.treeinfo')) ?? '')?.[1]
  const discinfo = (await textIn(image, '.discinfo'))?.split('\n')[1]
  return (named ?? (discinfo || image.labels.volumeId)).trim()
}

/** Fedora, Rocky, Alma, CentOS Stream, RHEL: whatever Anaconda installs, and their live media. */
export const anaconda: Recognise = async (image) => {
  const pair = await pairIn(image, PAIRS)
  const isTree = await hasOneOf(image, ['.treeinfo', '.discinfo', STAGE_2])
  const hasLive = (await image.open(LIVE)) !== undefined
  if (!pair || (!isTree && !hasLive)) return undefined
  const system = await nameOf(image)
  if (!isTree) {
    return {
      system,
      boot: {
        ...pair,
        args: ({ tree }) => [`root=live:${tree}/${LIVE}`, 'ro', 'rd.live.image', 'ip=dhcp'],
      },
      notes: ['the machine loads the live system into its memory'],
    }
  }
  if (await hasOneOf(image, REPOSITORIES)) {
    return {
      system,
      boot: { ...pair, args: ({ tree }) => [`inst.repo=${tree}`, 'ip=dhcp'] },
      notes: [],
    }
  }
  return {
    system,
    boot: { ...pair, args: ({ tree }) => [`inst.stage2=${tree}`, 'ip=dhcp'] },
    notes: ['it has no packages: the installer asks for a repository, or a kickstart names one'],
  }
}
