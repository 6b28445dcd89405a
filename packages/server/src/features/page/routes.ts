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

/** What a click may order without asking whether it is meant: no disk is touched by it. */
const HARMLESS_ACTIONS = ['hold', 'release'] as const

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
    path: '/page/machines/:machine/:action',
    methods: ['POST'],
    body: true,
    handle: async (request) => {
      const { params, asker } = request
      const refusal = refusalOfChange(sessions, request, service().nowMs)
      if (refusal !== undefined) return textAnswer(403, `${refusal}\n`)
      const action = HARMLESS_ACTIONS.find((each) => each === params['action'])
      if (!action) return textAnswer(404, `the page has ${HARMLESS_ACTIONS.join(' and ')}\n`)
      const result = await service().order(params['machine'] ?? '', action, {}, asker)
      if (!result.ok) return textAnswer(400, `${result.why}\n`)
      return { status: 303, headers: { location: '/page' }, body: '' }
    },
  },
]
