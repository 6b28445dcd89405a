import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { messageOf } from '../../model/errors.ts'
import type { Looked } from './finding.ts'
import { portsKept, type WantedPort } from './nft-ruleset.ts'
import type { Site } from './site.ts'

const run = promisify(execFile)
const MAX_RULESET_BYTES = 64 * 1024 * 1024

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** This host's own firewall. Those between here and the machines are seen by nobody but a machine. */
export const lookAtFirewall = async ({ plan, networks }: Site): Promise<Looked> => {
  const { dhcp, tftp, http } = plan.server
  const ports: readonly WantedPort[] = [
    ...(dhcp.enabled
      ? ([dhcp.port, dhcp.bootServerPort] as const).map((port) => ({
          transport: 'udp' as const,
          port,
        }))
      : []),
    { transport: 'udp', port: tftp.port },
    { transport: 'tcp', port: http.port },
  ]
  let ruleset: unknown
  try {
    const options = { maxBuffer: MAX_RULESET_BYTES }
    ruleset = JSON.parse((await run('nft', ['-j', 'list', 'ruleset'], options)).stdout)
  } catch (error) {
    if (isMissing(error)) return { findings: [] } // a host without nftables has no rules of it
    const [line] = messageOf(error).trim().split('\n').slice(-1)
    return { findings: [], unseen: [`the firewall: nft says ${line}`] }
  }
  return {
    findings: networks.flatMap(({ interface: name }) =>
      portsKept(ruleset, name, ports).map(({ transport, port }) => ({
        code: 'firewall' as const,
        seen: `this host's firewall keeps ${transport.toUpperCase()} port ${port} from ${name}`,
        remedy: `let it in, before the rule that drops it: ${transport} dport ${port} accept`,
      })),
    ),
  }
}
