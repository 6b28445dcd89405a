import debug from 'debug'

/** Words for people who set `DEBUG=bootwire:dhcp*`; everything told here is on a channel too. */
export const log: (format: string, ...args: unknown[]) => void = debug('bootwire:dhcp')
