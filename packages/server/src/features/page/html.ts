import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'

import type { RouteAnswer } from '../../seam/route.ts'

/** Nothing runs, is framed or is fetched but what this page says itself. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const

/** A page as it is sent. */
export const htmlAnswer = (
  page: VNode,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): RouteAnswer => ({
  status,
  type: 'text/html; charset=utf-8',
  headers: { ...HEADERS, ...headers },
  body: `<!doctype html>${renderToString(page)}`,
})
