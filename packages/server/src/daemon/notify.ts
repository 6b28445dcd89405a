import { execFile } from 'node:child_process'

import type { Started } from './started.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** systemd's own program says it: its socket is one that Node has no call for. */
const say = (...words: readonly string[]): void => {
  execFile('systemd-notify', words, { timeout: 10_000 }, () => {
    // Without that program systemd waits, and says itself that nobody has told it.
  })
}

/**
 * Tells systemd that the daemon is ready, and then, twice as often as it asks for, that its loop still runs: sd_notify(3),
 * sd_watchdog_enabled(3). Does nothing where no systemd waits for it.
 */
export const notifySystemd = (started: Started, environment: Environment = process.env): void => {
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = environment
  if (NOTIFY_SOCKET === undefined) return
  say('--ready', '--status=serving network boot')
  const everyMs = Number(WATCHDOG_USEC ?? 0) / 2000
  if (everyMs >= 500) {
    const timer = setInterval(() => say('WATCHDOG=1'), everyMs)
    timer.unref()
    started.add(() => clearInterval(timer))
  }
  started.add(() => say('--stopping'))
}
