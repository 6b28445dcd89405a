import { randomBytes } from 'node:crypto'

import { z } from 'zod'

import type { BootService } from '../../boot/service.ts'
import { defineFeature } from '../../seam/feature.ts'
import { admitBySession, cookieOf } from './access.ts'
import { pageCommand } from './command.ts'
import { htmlAnswer } from './html.ts'
import { routesOf } from './routes.ts'
import { Sessions } from './sessions.ts'
import { loginPage } from './views/login.tsx'

const USED_UP = 'This link was used, or is older than 10 minutes. `bootwire page` gives a new one.'

/** The page: what machines do, as a list. */
export const feature = defineFeature({
  schema: z
    .strictObject({})
    .describe(
      'a page that lists machines and what became of their boots, at `server.admin.listen`; `bootwire page` gives a link to it',
    ),
  commands: { page: pageCommand },
  open: () => {
    const sessions = new Sessions(() => randomBytes(32).toString('base64url'))
    let running: BootService | undefined
    const service = (): BootService => {
      if (!running) throw new Error('the page has not started')
      return running
    }
    const nowMs = (): number => service().nowMs
    return {
      routes: [
        {
          door: 'admin',
          path: '/page/link',
          methods: ['POST'],
          // Who has the socket, or a token that may act: a session cannot make others.
          handle: ({ asker }) => {
            const { listen, hosts } = service().configuration.server.admin
            if (!listen)
              return { status: 409, body: 'the page needs an address: write server.admin.listen\n' }
            const [host = listen.address] = hosts
            const code = sessions.newCode(asker, nowMs())
            return { json: { url: `http://${host}:${listen.port}/page/open?code=${code}` } }
          },
        },
        {
          door: 'admin',
          path: '/page/open',
          // What previews links asks by HEAD; it must not use the code up.
          head: false,
          admit: () => ({ ok: true, asker: 'who has a link' }),
          handle: ({ query }) => {
            const secret = sessions.redeem(query['code'] ?? '', nowMs())
            if (secret === undefined) return htmlAnswer(loginPage(USED_UP), 403)
            return htmlAnswer(loginPage(), 200, { 'set-cookie': cookieOf(secret) })
          },
        },
        ...routesOf({ service, sessions }).map((route) => ({
          ...route,
          admit: (headers: Parameters<typeof admitBySession>[1]) =>
            admitBySession(sessions, headers, nowMs()),
        })),
      ],
      start: (host) => {
        running = host.service
      },
    }
  },
})
