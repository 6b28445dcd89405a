import { dirname, resolve } from 'node:path'

import { z } from 'zod'

import { messageOf } from '../../model/errors.ts'
import { defineFeature } from '../../seam/feature.ts'
import { createRoutes } from './routes.ts'
import { openServer, type MatchboxServer } from './server.ts'
import { openSigner, type Signer } from './sign.ts'
import { Store } from './store.ts'

const DEFAULT_PORT = 8081
/** Machines that got nothing and are told of in a minute, as for the core's paths. */
const MISSES_PER_MINUTE = 60

const perMinute = (most: number): (() => boolean) => {
  let [minute, count] = [0, 0]
  return () => {
    const now = Math.floor(performance.now() / 60_000)
    if (now !== minute) [minute, count] = [now, 0]
    return ++count <= most
  }
}

const schema = z
  .strictObject({
    data: z.string().describe("matchbox's data folder (`-data-path`), read as it is"),
    assets: z.string().optional().describe('folder served below `/assets/` (`-assets-path`)'),
    address: z.string().default('0.0.0.0').describe('address to listen on'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(DEFAULT_PORT)
      .describe(
        "port of its own; matchbox's is 8080, which is also this server's until `server.http.port` says otherwise",
      ),
    butane: z.string().optional().describe('program that makes Ignition of Butane'),
    keyRing: z
      .string()
      .optional()
      .describe(
        'OpenPGP secret key for `.sig` and `.asc` (`-key-ring-path`), used by `gpg`; its passphrase is in MATCHBOX_PASSPHRASE',
      ),
  })
  .describe('answers as a matchbox does, from its data folder, on a port of its own')

/** A matchbox, for those who come from there. */
export const feature = defineFeature({
  schema,
  open: ({ data, assets, address, port, butane, keyRing }) => {
    const counts = new Map<string, number>()
    let server: MatchboxServer | undefined
    let signer: Signer | undefined
    let lastMissing = ''
    const mayTell = perMinute(MISSES_PER_MINUTE)
    return {
      check: ({ host, report }) => {
        if (!host.isFolder(host.resolve(data))) report(['data'], `${data} is no folder`)
        if (assets !== undefined && !host.isFolder(host.resolve(assets)))
          report(['assets'], `${assets} is no folder`)
        if (keyRing !== undefined && !host.isFile(host.resolve(keyRing)))
          report(['keyRing'], `${keyRing} is no file`)
      },
      panels: [
        {
          title: 'matchbox',
          columns: ['answer', 'count', 'last reason'],
          rows: () =>
            [...counts].map(([answer, count]) => [
              answer,
              String(count),
              answer.endsWith('404') ? lastMissing : '',
            ]),
        },
      ],
      start: async ({ service, folder }) => {
        const { log, configuration } = service
        const at = (path: string): string => resolve(dirname(configuration.source), path)
        if (keyRing !== undefined) signer = await openSigner(at(keyRing), folder())
        const store = new Store(at(data), (file, why) =>
          log.emit('warning', { feature: 'matchbox', file, why }),
        )
        const sign = signer?.sign
        server = await openServer(
          createRoutes({
            store,
            ...(assets !== undefined && { assets: at(assets) }),
            ...(butane !== undefined && { butane }),
            ...(sign && { sign }),
            onMissing: ({ path, address: ip }, why) => {
              lastMissing = why
              if (mayTell()) log.emit('http.missing', { ip, path, status: 404, why })
            },
          }),
          { address, port },
          {
            onAnswered: ({ path }, status) => {
              const isKnown = status === 200 || status === 206
              const what = path.startsWith('/assets/') ? '/assets/' : isKnown ? path : 'other'
              const answer = `${what} ${status}`
              counts.set(answer, (counts.get(answer) ?? 0) + 1)
            },
            onFailed: (error, path) =>
              log.emit('warning', { feature: 'matchbox', path, why: messageOf(error) }),
            onRefused: (refused) => log.emit('http.limited', { ...refused }),
          },
        )
      },
      stop: async () => {
        await server?.close()
        await signer?.close()
      },
    }
  },
})
