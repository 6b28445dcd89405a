import { stringify } from 'yaml'

import type { Recognised } from './systems/index.ts'
import { fileUrl, imageUrl, sanbootUrl } from './urls.ts'

/** What the server's address is, is known when a machine asks. */
const SERVER = '{{ server.url }}'

const SANBOOT_NOTE =
  'it is not known what this image is: the machine gets it as a drive, which works until its system drives the hardware itself; many Linux media stop there'

/** What is told of an image. */
export interface Described {
  readonly name: string
  readonly system: string
  /** A profile for it, as the configuration has them; absent: none boots it. */
  readonly profile?: Readonly<Record<string, unknown>>
  readonly notes: readonly string[]
}

/** An image as people are told of it, with a profile that boots it. */
export const describe = (
  name: string,
  recognised: Recognised | undefined,
  label: string,
): Described => {
  if (!recognised) {
    return {
      name,
      system: `unknown, labelled "${label}"`,
      profile: { description: label || name, chain: sanbootUrl(SERVER, name) },
      notes: [SANBOOT_NOTE],
    }
  }
  const { system, boot, notes } = recognised
  if (!boot) return { name, system, notes }
  const image = imageUrl(SERVER, name)
  const args = boot.args({ tree: image, image })
  return {
    name,
    system,
    profile: {
      description: system,
      kernel: fileUrl(SERVER, name, boot.kernel),
      initrd: fileUrl(SERVER, name, boot.initrd),
      ...(args.length > 0 && { args }),
    },
    notes,
  }
}

/** A name that profiles can have. */
const profileNameOf = (name: string): string =>
  name
    .replace(/\.iso$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')

/** The key `profiles` for images, to be pasted. */
export const profilesText = (all: readonly Described[]): string => {
  const profiles = Object.fromEntries(
    all.flatMap(({ name, profile }) => (profile ? [[profileNameOf(name), profile]] : [])),
  )
  return Object.keys(profiles).length === 0 ? '' : stringify({ profiles }, { lineWidth: 0 })
}
