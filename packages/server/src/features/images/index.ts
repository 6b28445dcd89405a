import { dirname, resolve } from 'node:path'

import { Iso9660Error } from '@bootwire-internal/iso9660'
import { sanboot, script } from '@bootwire/ipxe-script'
import { z } from 'zod'

import type { BootService } from '../../boot/service.ts'
import { messageOf } from '../../model/errors.ts'
import { assetPath, servedPath } from '../../model/paths.ts'
import { loadFailureLines } from '../../profiles/ipxe-lines.ts'
import { defineFeature } from '../../seam/feature.ts'
import { textAnswer, type Handler, type RouteAnswer } from '../../seam/route.ts'
import { images } from './command.ts'
import { ImageLibrary } from './library.ts'
import { imageUrl } from './urls.ts'

/** How long the console says that an image could not be booted. */
const FAILURE_SECONDS = 10

/** Images whose fault is remembered as told. */
const MAX_TOLD = 1000

const NOT_FOUND = textAnswer(404, 'not found\n')

/** The name of an image, as a URL has it; undefined: it is hidden, or no image: what else lies in the folder is nobody's. */
const nameOf = (asked: string | undefined): string | undefined => {
  const name = servedPath(asked ?? '')
  return name !== undefined && /^[^/]+\.iso$/i.test(name) ? name : undefined
}

/** A file in an image. Everything in an image is served, also names that begin with a dot: installers ask for them. */
const fileIn = async (
  library: ImageLibrary,
  name: string,
  path: string,
): Promise<RouteAnswer | undefined> => {
  const opened = await library.open(name)
  const file = await opened?.image.open(path)
  return (
    opened &&
    file && {
      parts: {
        file: { path: name, root: library.root },
        name: path,
        ranges: file.extents,
        version: opened.version,
      },
    }
  )
}

/** Tells once why an image cannot be read, until it can be: an installer asks for a broken one again and again. */
class Complaints {
  readonly #told = new Map<string, string>()

  /** True where this is news. */
  isNew(name: string, why: string): boolean {
    if (this.#told.get(name) === why) return false
    if (this.#told.size >= MAX_TOLD) this.#told.clear()
    this.#told.set(name, why)
    return true
  }

  forget(name: string): void {
    this.#told.delete(name)
  }
}

/** Serves what is in ISO images, out of the images. */
export const feature = defineFeature({
  schema: z
    .string()
    .min(1)
    .describe(
      'folder with ISO files: the files in each are served below `/images/NAME/`, each itself at `/images/NAME`; `bootwire images` says what they are',
    ),
  commands: { images },
  open: (folder) => {
    let running: { readonly library: ImageLibrary; readonly service: BootService } | undefined
    const complaints = new Complaints()
    const inImage: Handler = async ({ params }) => {
      const [name, path] = [nameOf(params['name']), assetPath(params['*'] ?? '')]
      if (!running || name === undefined || path === undefined) return NOT_FOUND
      try {
        const answer = await fileIn(running.library, name, path)
        complaints.forget(name)
        return answer ?? NOT_FOUND
      } catch (error) {
        if (!(error instanceof Iso9660Error)) throw error
        const why = messageOf(error)
        if (complaints.isNew(name, why))
          running.service.log.emit('warning', { feature: 'images', file: name, why })
        return NOT_FOUND
      }
    }
    const whole: Handler = ({ params }) => {
      const name = nameOf(params['name'])
      return running && name !== undefined
        ? { file: { path: name, root: running.library.root } }
        : NOT_FOUND
    }
    const asDrive: Handler = async ({ params, localAddress }) => {
      const name = nameOf(params['name'])
      if (!running || name === undefined) return NOT_FOUND
      const { library, service } = running
      if (!(await library.names()).includes(name)) return NOT_FOUND
      const { base } = service.decisions.at(localAddress).offered.server
      const body = script(
        sanboot({ 'no-describe': true }, imageUrl(base, name)).orIgnore(),
        loadFailureLines(`"${name}"`, FAILURE_SECONDS),
      ).text
      return { headers: { 'cache-control': 'no-store' }, body }
    }
    return {
      check: ({ host, report }) => {
        if (!host.isFolder(host.resolve(folder))) report([], `${folder} is no folder`)
      },
      routes: [
        { door: 'boot', path: '/images/:name', handle: whole },
        { door: 'boot', path: '/images/:name/*', handle: inImage },
        { door: 'boot', path: '/sanboot/:name', handle: asDrive },
      ],
      start: ({ service }) => {
        const root = resolve(dirname(service.configuration.source), folder)
        running = { library: new ImageLibrary(root), service }
      },
    }
  },
})
