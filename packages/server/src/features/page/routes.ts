import type { BootService } from '../../boot/service.ts'
import { statusOf } from '../../boot/status.ts'
import { textAnswer, type Route } from '../../seam/route.ts'
import { refusalOfChange, sessionOf } from './access.ts'
import { htmlAnswer } from './html.ts'
import type { Sessions } from './sessions.ts'
import { nowPage } from './views/now.tsx'

interface Tools {
  readonly service: () => BootService
  readonly sessions: Sessions
}

/** The paths of the page. */
export const routesOf = ({ service, sessions }: Tools): readonly Route[] => [
  {
    door: 'admin',
    path: '/page',
    handle: ({ headers }) => {
      const { nowMs } = service()
      const csrf = sessionOf(sessions, headers, nowMs)?.csrf ?? ''
      const asOf = new Date(nowMs).toISOString()
      return htmlAnswer(nowPage(statusOf(service()).machines, csrf, asOf))
    },
  },
  {
    door: 'admin',
    // The one change that no disk can suffer from. Its release lets a machine install: the command line has that.
    path: '/page/machines/:machine/hold',
    methods: ['POST'],
    body: true,
    handle: async (request) => {
      const { params, asker } = request
      const refusal = refusalOfChange(sessions, request, service().nowMs)
      if (refusal !== undefined) return textAnswer(403, `${refusal}\n`)
      const result = await service().order(params['machine'] ?? '', 'hold', {}, asker)
      if (!result.ok) return textAnswer(400, `${result.why}\n`)
      return { status: 303, headers: { location: '/page' }, body: '' }
    },
  },
]
