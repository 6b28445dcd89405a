import type { IsoImage } from '@bootwire-internal/iso9660'

/** How a machine boots what is in an image. */
export interface ImageBoot {
  /** Paths inside the image. */
  readonly kernel: string
  readonly initrd: string
  /** `url` is where the files of the image are, `image` the image itself; both without a slash at their end. */
  readonly args: (url: { readonly tree: string; readonly image: string }) => readonly string[]
}

/** What an image is, by its own metadata. */
export interface Recognised {
  readonly system: string
  /** Absent: it cannot be booted by kernel and initrd. */
  readonly boot?: ImageBoot
  /** Sentences for whoever boots it. */
  readonly notes: readonly string[]
}

/** One family of systems; undefined: the image is of another. */
export type Recognise = (image: IsoImage) => Promise<Recognised | undefined>

/** Longest text file that says what an image is. */
const MAX_TEXT_BYTES = 65_536

/** A small text file of an image; undefined: there is none. */
export const textIn = async (image: IsoImage, path: string): Promise<string | undefined> => {
  const file = await image.open(path)
  return file && (await image.read(file, 0, MAX_TEXT_BYTES)).toString('utf8')
}

/** The first of the pairs that is in an image. */
export const pairIn = async (
  image: IsoImage,
  pairs: readonly (readonly [kernel: string, initrd: string])[],
): Promise<Pick<ImageBoot, 'kernel' | 'initrd'> | undefined> => {
  for (const [kernel, initrd] of pairs) {
    // oxlint-disable-next-line no-await-in-loop -- the first counts
    if ((await image.open(kernel)) && (await image.open(initrd))) return { kernel, initrd }
  }
  return undefined
}

/** True where something is at one of the paths. */
export const hasOneOf = async (image: IsoImage, paths: readonly string[]): Promise<boolean> => {
  const found = await Promise.all(paths.map((path) => image.find(path)))
  return found.some((each) => each !== undefined)
}
