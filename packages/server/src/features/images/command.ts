import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'
import { Iso9660Error } from '@bootwire-internal/iso9660'

import { formatIssue } from '../../config/format.ts'
import { loadFile } from '../../load/load.ts'
import { harmless } from '../../log/harmless.ts'
import { messageOf } from '../../model/errors.ts'
import { ImageLibrary } from './library.ts'
import { describe, profilesText, type Described } from './profile.ts'
import { recognise } from './systems/index.ts'

const describeImage = async (library: ImageLibrary, name: string): Promise<Described> => {
  try {
    const opened = await library.open(name)
    if (!opened) return { name, system: 'no regular file', notes: [] }
    const { image } = opened
    return describe(name, await recognise(image), image.labels.volumeId)
  } catch (error) {
    if (!(error instanceof Iso9660Error)) throw error
    return { name, system: 'no image that can be read', notes: [messageOf(error)] }
  }
}

const show = (all: readonly Described[]): string => {
  const lines = all.flatMap(({ name, system, notes }) => [
    harmless(`${name}: ${system}`),
    ...notes.map((note) => harmless(`    ${note}`)),
  ])
  return `${lines.join('\n')}\n`
}

/** The folder that a configuration names, or the one that was given itself. */
const folderOf = async (path: string): Promise<string | readonly string[]> => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return resolve(path)
  // The table of features names this one.
  const { FEATURES } = await import('../index.ts')
  const loaded = await loadFile(path, { features: FEATURES })
  if (!loaded.ok) return loaded.issues.map(formatIssue)
  const { images } = loaded.plan.features
  if (typeof images !== 'string')
    throw new UsageError(
      `${path} has no key "images"; \`images: FOLDER\` serves the ISO files there`,
    )
  return resolve(dirname(path), images)
}

/** `bootwire images` */
export const images: Command = defineCommand({
  summary: 'ISO images, what they are, and profiles that boot them',
  description:
    'Lists the ISO files of a folder, or of the folder that FILE names as `images`: what each is by its own metadata, what to know of it, and a profile that boots it out of the image.',
  positionals: 'FILE',
  options: { json: { summary: 'all of it as data' } },
  run: async ({ positionals: [path], options, stdout, stderr, printJson }) => {
    const folder = await folderOf(path)
    if (typeof folder !== 'string') {
      stderr.write(`${folder.join('\n')}\n`)
      return 2
    }
    const library = new ImageLibrary(folder)
    const all: Described[] = []
    for (const name of await library.names())
      // oxlint-disable-next-line no-await-in-loop -- one image after the other
      all.push(await describeImage(library, name))
    if (options.json) printJson(all)
    else if (all.length === 0) stdout.write(`no file in ${folder} ends in .iso\n`)
    else stdout.write([show(all), profilesText(all)].filter((each) => each !== '').join('\n'))
    return 0
  },
})
