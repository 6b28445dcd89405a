import { text } from './fields.ts'
import { profileKind } from './kind.ts'

/** A function of the user that returns an iPXE script. */
export const module = profileKind({
  name: 'module',
  key: 'module',
  fields: {
    module: text('.mjs file whose `script(machine)` returns an iPXE script').optional(),
  },
  compile({ module: given = '' }, { files, place }) {
    const { file } = files.text(given, place('module'))
    return { kind: 'module', file, version: files.version(file) }
  },
  wantsFacts: () => true,
  module: ({ file, version }) => ({ file, version }),
  async script({ file }, { modules, values }) {
    const made: unknown = await modules.get(file)?.(values)
    const source = String(made)
    if (!source.startsWith('#!ipxe')) throw new Error(`${file} returned no iPXE script`)
    return source
  },
})
