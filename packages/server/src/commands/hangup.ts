/** SIGHUP as a request to reload. */
export interface Hangups {
  /** Calls `reload` for each one from now on, and at once, and once only, for those that came before. */
  handle(reload: () => void): void
}

/** From now on SIGHUP ends the process no more: a service manager may send it before the daemon has started. */
export const catchHangups = (): Hangups => {
  let came = false
  let handler = (): void => {
    came = true
  }
  process.on('SIGHUP', () => handler())
  return {
    handle(reload) {
      handler = reload
      if (came) reload()
    },
  }
}
