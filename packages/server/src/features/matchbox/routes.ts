import { messageOf, ServerError } from '../../model/errors.ts'
import { serveAsset } from './assets.ts'
import { requireCloudConfig } from './cloud.ts'
import { sniffedType } from './content-type.ts'
import { serveContent } from './content.ts'
import { errorAnswer, notFound, type HttpAnswer, type HttpRequest } from './http-answer.ts'
import { ignitionOf } from './ignition.ts'
import { Mux, type RouteHandler } from './mux.ts'
import { runProgram } from './programs.ts'
import { labelsOf } from './query.ts'
import type { Group, NetBoot, Profile } from './records.ts'
import { BOOT_SCRIPT, grubConfig, ipxeScript } from './scripts.ts'
import { selectGroup } from './select.ts'
import type { Store } from './store.ts'
import { metadataOf, render, type Asked } from './variables.ts'

/** What the routes need. */
export interface RouteTools {
  readonly store: Store
  readonly assets?: string
  /** Program that makes Ignition of Butane. */
  readonly butane?: string
  /** Makes detached signatures; absent: there are none. */
  readonly sign?: (text: Buffer, isArmored: boolean) => Promise<Buffer>
  /** Why a machine got nothing. */
  readonly onMissing: (request: HttpRequest, why: string) => void
}

const refuse = (message: string): never => {
  throw new ServerError('ERR_SERVER_DATA', message)
}

const ok = (body: Buffer | string, type?: string): HttpAnswer => {
  const bytes = Buffer.from(body)
  return { status: 200, headers: { 'Content-Type': type ?? sniffedType(bytes) }, body: bytes }
}

const askedBy = ({ rawQuery }: HttpRequest): Asked => ({ labels: labelsOf(rawQuery), rawQuery })

const groupFor = async (store: Store, { labels }: Asked): Promise<Group> =>
  selectGroup(await store.groups(), labels) ?? refuse('no group matches')

const profileFor = async (store: Store, group: Group): Promise<Profile> => {
  try {
    return await store.profile(group.profile)
  } catch (error) {
    return refuse(`group ${group.id}: profile ${group.profile}: ${messageOf(error)}`)
  }
}

/** Everything that matchbox answers, by its path. */
export const createRoutes = (tools: RouteTools): Mux => {
  const { store, assets, butane, sign, onMissing } = tools

  /** Whatever goes wrong is a 404, as it is there; the reason goes into the log. */
  const guarded =
    (handler: RouteHandler): RouteHandler =>
    async (request) => {
      try {
        return await handler(request)
      } catch (error) {
        onMissing(request, messageOf(error))
        return notFound()
      }
    }

  const booting =
    (write: (boot: NetBoot) => string): RouteHandler =>
    async (request) => {
      const group = await groupFor(store, askedBy(request))
      const { boot, id } = await profileFor(store, group)
      return ok(write(boot ?? refuse(`profile ${id} boots nothing`)))
    }

  const rendered =
    (folder: 'generic' | 'cloud', check: (text: Buffer) => void): RouteHandler =>
    async (request) => {
      const asked = askedBy(request)
      const group = await groupFor(store, asked)
      const profile = await profileFor(store, group)
      const name = folder === 'generic' ? profile.genericId : profile.cloudId
      const text = render(await store.read(folder, name), group, asked)
      check(text)
      return serveContent(request, { type: sniffedType(text), size: text.length, from: text })
    }

  const ignition: RouteHandler = async (request) => {
    const asked = askedBy(request)
    const group = await groupFor(store, asked)
    const { ignitionId } = await profileFor(store, group)
    const text = await store.read('ignition', ignitionId)
    if (/\.(?:ign|ignition)$/.test(ignitionId)) return ok(ignitionOf(text), 'application/json')
    const source = render(text, group, asked)
    if (butane === undefined)
      return refuse(`ignition/${ignitionId} is Butane; name the program in \`butane\``)
    return ok(ignitionOf(await runProgram(butane, [], source)), 'application/json')
  }

  const metadata: RouteHandler = async (request) => {
    const asked = askedBy(request)
    return ok(metadataOf(await groupFor(store, asked), asked), 'plain/text')
  }

  const routes: Readonly<Record<string, RouteHandler>> = {
    '/boot.ipxe': () => ok(BOOT_SCRIPT),
    '/boot.ipxe.0': () => ok(BOOT_SCRIPT),
    '/ipxe': booting(ipxeScript),
    '/grub': booting(grubConfig),
    '/ignition': ignition,
    '/cloud': rendered('cloud', requireCloudConfig),
    '/generic': rendered('generic', () => undefined),
    '/metadata': metadata,
  }

  const signed =
    (handler: RouteHandler, isArmored: boolean): RouteHandler =>
    async (request) => {
      const { status, body } = await handler(request)
      // HEAD has no body: matchbox signs what was written, and that is nothing.
      const text = Buffer.isBuffer(body) && request.method !== 'HEAD' ? body : Buffer.alloc(0)
      try {
        const signature = (await sign?.(text, isArmored)) ?? refuse('there is no key ring')
        const type = isArmored ? 'text/plain; charset=utf-8' : 'application/octet-stream'
        return { status, headers: { 'Content-Type': type }, body: signature }
      } catch (error) {
        onMissing(request, messageOf(error))
        return errorAnswer(500, messageOf(error))
      }
    }

  const mux = new Mux()
  mux.add('/', (request) => (request.path === '/' ? ok('matchbox\n') : notFound()))
  for (const [path, handler] of Object.entries(routes)) {
    const route = guarded(handler)
    mux.add(path, route)
    if (!sign) continue
    mux.add(`${path}.sig`, signed(route, false))
    mux.add(`${path}.asc`, signed(route, true))
  }
  if (assets !== undefined) mux.add('/assets/', (request) => serveAsset(assets, request))
  return mux
}
