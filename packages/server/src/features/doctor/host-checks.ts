import { readFileSync } from 'node:fs'

import type { Finding, Looked } from './finding.ts'
import type { Site } from './site.ts'

/** The first commit of this project: a clock before it has not been set. */
const EARLIEST_MS = Date.UTC(2026, 0, 1)

/** Requests that Debian's default of 212,992 bytes holds, and what the daemon wants (`deploy/90-bootwire.conf`). */
const DEFAULT_HOLDS = 300
const WANTED_BYTES = 4 * 1024 * 1024

const numberIn = (path: string): number | undefined => {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return undefined // not Linux, or a network namespace that has no such file
  }
}

/** A clock that was never set: certificates are not valid yet, and logs tell nothing. */
export const clockFindings = (nowMs: number): Finding[] =>
  nowMs >= EARLIEST_MS
    ? []
    : [
        {
          code: 'clock',
          seen: `the clock of this host says ${new Date(nowMs).toISOString()}`,
          remedy: 'set it, and let NTP keep it: timedatectl set-ntp true',
        },
      ]

/** What a burst of requests may fill before it is read; matters where many machines may start at once. */
export const bufferFindings = (bytes: number | undefined, machines: number): Finding[] =>
  bytes === undefined || bytes >= WANTED_BYTES || machines <= DEFAULT_HOLDS
    ? []
    : [
        {
          code: 'receive-buffer',
          seen: `net.core.rmem_max is ${bytes}, and ${machines} machines may start at once: requests beyond some hundreds are lost without a word`,
          remedy: `sysctl net.core.rmem_max=${WANTED_BYTES}, for good by deploy/90-bootwire.conf`,
        },
      ]

/** This host itself. */
export const lookAtHost = ({ machines }: Site): Looked => ({
  findings: [
    ...clockFindings(Date.now()),
    ...bufferFindings(numberIn('/proc/sys/net/core/rmem_max'), machines),
  ],
})
