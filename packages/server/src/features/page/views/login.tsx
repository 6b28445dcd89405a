import type { VNode } from 'preact'

import { Document } from './document.tsx'

/**
 * What a link shows. It goes on to the page by itself: a browser sends the session's cookie only with what a page of ours
 * begins, and the link may stand in a page of another site.
 */
export const loginPage = (problem?: string): VNode => (
  <Document title="Bootwire" {...(problem === undefined && { goesTo: '/page' })}>
    <h1>Bootwire</h1>
    <p>{problem ?? <a href="/page">Go on to the page</a>}</p>
  </Document>
)
