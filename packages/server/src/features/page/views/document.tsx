import type { ComponentChildren, VNode } from 'preact'

interface DocumentProps {
  readonly title: string
  /** Where the browser goes at once. */
  readonly goesTo?: string
  readonly children: ComponentChildren
}

/** What all pages have. */
export const Document = ({ title, goesTo, children }: DocumentProps): VNode => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {goesTo !== undefined && <meta http-equiv="refresh" content={`0;url=${goesTo}`} />}
      <title>{title}</title>
    </head>
    <body>
      <main>{children}</main>
    </body>
  </html>
)
