import { finding, type DoctorFinding } from './finding.ts'

const number = (page: string, pattern: RegExp): number | undefined => {
  const found = pattern.exec(page)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** A helper that takes longer than this holds up every request, milliseconds. */
const SLOW_MS = 20

/** Helpers, as the manager's page `store_id` or `redirector` has them. */
export const fromManager = (page: string): DoctorFinding[] => {
  const active = number(page, /number active: (\d+) of/)
  const most = number(page, /number active: \d+ of (\d+)/)
  if (active === undefined || most === undefined) {
    return [
      finding(
        'no-helper',
        'error',
        'the manager knows no helper: store_id_program is not in force',
      ),
    ]
  }
  const found: DoctorFinding[] = []
  if (active < most)
    found.push(finding('dead-helpers', 'error', `${active} of ${most} helpers run`))
  const sent = number(page, /requests sent: (\d+)/) ?? 0
  const received = number(page, /replies received: (\d+)/) ?? 0
  if (sent - received > 100) {
    found.push(
      finding('unanswered', 'error', `${sent - received} requests wait for a helper: one may hang`),
    )
  }
  const queue = number(page, /queue length: (\d+)/) ?? 0
  if (queue > 0)
    found.push(
      finding('queue', 'warning', `${queue} requests wait for a free helper; raise concurrency=`),
    )
  const service = number(page, /avg service time: (\d+)/) ?? 0
  if (service > SLOW_MS)
    found.push(finding('slow-helper', 'warning', `a helper takes ${service} ms on average`))
  return found
}
