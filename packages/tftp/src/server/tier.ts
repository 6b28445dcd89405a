import { loadSocketHelper, type LoadResult } from '@bootwire-internal/socket-helper'

import type { Tier } from './options.ts'
import type { Settings } from './settings.ts'

/** The socket helper, where it may be used and loads, or why not. */
export const helperFor = ({ socketHelper }: Settings): LoadResult =>
  socketHelper === 'off' ? { reason: "socketHelper is 'off'" } : loadSocketHelper()

/** How a server with these settings sends. */
export const tierOf = ({ transferPorts }: Settings, { reason }: LoadResult): Tier => {
  if (reason !== undefined) return { name: 'plain', reason }
  return transferPorts === 'single'
    ? { name: 'plain', reason: "transferPorts is 'single'" }
    : { name: 'runs' }
}
