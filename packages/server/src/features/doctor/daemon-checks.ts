import type { Looked } from './finding.ts'
import type { Site } from './site.ts'

/** What the running daemon says of its configuration. */
export const lookAtDaemon = ({ status }: Site): Looked => {
  const { rejected } = status?.configuration ?? {}
  if (!rejected) return { findings: [] }
  const [first = ''] = rejected.problems
  return {
    findings: [
      {
        code: 'configuration-refused',
        seen: `the change of ${rejected.at} was refused, and what was before is served: ${first}`,
        remedy: 'bootwire check FILE lists what is wrong; it is read again once it is saved',
      },
    ],
  }
}
