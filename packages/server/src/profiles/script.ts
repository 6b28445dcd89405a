import { text } from './fields.ts'
import { profileKind } from './kind.ts'

/** An iPXE script of the user, a template. */
export const script = profileKind({
  name: 'script',
  key: 'script',
  fields: { script: text('file with an iPXE script, a template').optional() },
  compile: ({ script: file = '' }, { files, place }) => ({
    kind: 'script',
    ...files.script(file, place('script')),
  }),
  templates: ({ text: source, file }) => [{ text: source, format: 'ipxe', key: 'script', file }],
  script: ({ text: source, file }, { render }) => render(source, 'ipxe', file),
})
