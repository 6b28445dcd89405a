import type { Engine } from '../../engine/engine.ts'
import { parseLogLine } from '../access-log.ts'
import type { SquidBuild } from '../squid-build.ts'
import { fromBuild } from './build.ts'
import { fromCacheLog } from './cache-log.ts'
import { fromConfig, type ConfigEvidence } from './config.ts'
import type { DoctorFinding } from './finding.ts'
import { fromManager } from './manager.ts'
import { fromTraffic } from './traffic.ts'

/** What a running Squid tells of itself. */
export interface Evidence {
  /** The manager's page `store_id`, or `redirector` for mode `pinned`. */
  readonly manager?: string
  readonly cacheLog?: string
  readonly accessLog?: string
  /** The squid.conf that is in force. */
  readonly config?: ConfigEvidence
  readonly build?: SquidBuild
}

/** Finds what is wrong from what a running Squid tells. Pure: whoever calls it has fetched the evidence. */
export const diagnose = (
  engine: Engine,
  { manager, cacheLog, accessLog, config, build }: Evidence,
): DoctorFinding[] => {
  const entries = (accessLog ?? '').split('\n').flatMap((line) => parseLogLine(line) ?? [])
  return [
    ...(manager === undefined ? [] : fromManager(manager)),
    ...(cacheLog === undefined ? [] : fromCacheLog(cacheLog)),
    ...fromTraffic(entries, engine),
    ...(config === undefined ? [] : fromConfig(config)),
    ...(build === undefined ? [] : fromBuild(build)),
  ]
}
