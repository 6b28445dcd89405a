import type { Every } from './session/timer-wheel.ts'

/** The system's timer, for a timer wheel. */
export const every: Every = (ms, action) => {
  const timer = setInterval(action, ms)
  return { stop: () => clearInterval(timer), unref: () => void timer.unref() }
}
