import type { BootService } from '../boot/service.ts'
import type { Started } from './started.ts'

const LOOK_EVERY_MS = 5000

/** Logs a boot that stands still, once: what should have come next, and since when. */
export const watchStalls = (service: BootService, started: Started): void => {
  const timer = setInterval(() => service.tellStalls(), LOOK_EVERY_MS)
  timer.unref()
  started.add(() => clearInterval(timer))
}
