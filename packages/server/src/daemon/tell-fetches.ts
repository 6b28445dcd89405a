import type { ProxyDhcpServer } from '@bootwire/dhcp-proxy'

import type { EventLog } from '../log/event-log.ts'
import type { EventName } from '../log/names.ts'

/** What a machine does once it has taken what DHCP offered. */
const FETCHES: ReadonlySet<EventName> = new Set(['tftp.start', 'http.script', 'http.asset'])

/** Tells the DHCP side which machines fetch something, so that it can say of others that they ignore what they are offered. */
export const tellFetches = (
  server: Pick<ProxyDhcpServer, 'reached'>,
  log: EventLog,
): (() => unknown) =>
  log.subscribe(({ event, mac }) => {
    if (mac !== undefined && FETCHES.has(event)) server.reached(mac)
  })
