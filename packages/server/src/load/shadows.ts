import { SLOTS } from '../model/ipxe-binaries.ts'
import type { ConfigHost, Findings } from '../model/issues.ts'
import type { Plan } from '../model/plan.ts'
import { CORE_CLAIMS } from '../seam/core-claims.ts'

/** Names at the root of the boot door that routes of our own claim. */
const claimed = (): ReadonlySet<string> =>
  new Set(
    Object.values(CORE_CLAIMS).flatMap(({ door, path }) => {
      const first = path.split('/')[1] ?? ''
      return door === 'boot' && first !== '' ? [first] : []
    }),
  )

/** Notes the assets that are asked for by a name that means something else. */
export const noteShadows = ({ assets, ipxe }: Plan, host: ConfigHost, notes: Findings): void => {
  if (assets === undefined) return
  const isThere = (name: string) => {
    const path = `${assets}/${name}`
    return host.isFile(path) || host.isFolder(path)
  }
  for (const name of claimed())
    if (isThere(name))
      notes.add(
        'shadowed',
        ['assets'],
        `"${name}" in it is sent as /assets/${name} and by TFTP; at the root of the HTTP server that name is one of our own`,
      )
  for (const { slot, file } of SLOTS)
    if (ipxe[slot] !== undefined && isThere(file))
      notes.add(
        'shadowed',
        ['ipxe', slot],
        `the assets hold "${file}" too; who asks for that name by TFTP gets the file that stands here`,
      )
}
