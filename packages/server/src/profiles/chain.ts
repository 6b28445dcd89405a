import { script } from '@bootwire/ipxe-script'

import { text } from './fields.ts'
import { chainLines } from './ipxe-lines.ts'
import { profileKind } from './kind.ts'

/** Another boot script or binary, which iPXE fetches itself: names in it are relative to where it lies. */
export const chain = profileKind({
  name: 'chain',
  key: 'chain',
  fields: {
    chain: text(
      'another boot script or binary: path below `assets`, or an http, https or tftp URL; a template',
    ).optional(),
  },
  compile: ({ chain: file = '' }, { files, place, report }) => {
    const scheme = /^([a-z][a-z\d+.-]*):/i.exec(file)?.[1]
    if (scheme !== undefined && !['http', 'https', 'tftp'].includes(scheme.toLowerCase()))
      report(
        'chain',
        place('chain'),
        `"${scheme}:" is nothing that is chained to; known: http, https, tftp`,
      )
    else files.asset(file, place('chain'))
    return { kind: 'chain', url: file }
  },
  templates: ({ url }) => [{ text: url, format: 'ipxe', key: 'chain' }],
  script: ({ url }, tools) => script(chainLines(tools.assetUrl(tools.render(url, 'ipxe')))).text,
})
