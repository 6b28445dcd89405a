import {
  defineCommand,
  nameAndValue,
  UsageError,
  type Command,
  type Options,
} from '@bootwire-internal/cli'
import { ARCHITECTURES } from '@bootwire/dhcp-proxy'

import { Decisions } from '../boot/decisions.ts'
import type { Query } from '../decide/query.ts'
import {
  ARCHITECTURE_NAMES,
  explain,
  EXPLAIN_STAGES,
  type Explanation,
} from '../explain/explain.ts'
import { showExplanation } from '../explain/show.ts'
import { findIpxe } from '../ipxe/find.ts'
import { openConfigurationFile } from '../load/load.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { MACHINE_OPTIONS, machineFacts } from './machine-options.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS } from './remote.ts'

const readArchitecture = (text: string): number => {
  const named = Object.hasOwn(ARCHITECTURE_NAMES, text) ? ARCHITECTURE_NAMES[text] : undefined
  if (named !== undefined) return named
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new UsageError(`is none of ${Object.keys(ARCHITECTURE_NAMES).join(', ')}, and no number`)
}

const OPTIONS = {
  ...MACHINE_OPTIONS,
  hostname: { value: 'NAME', summary: 'host name of the machine' },
  ip: { value: 'ADDRESS', summary: 'IP address of the machine' },
  arch: {
    value: 'ARCH',
    summary: `${Object.keys(ARCHITECTURE_NAMES).join(', ')}, or the number of DHCP option 93`,
    default: 'bios',
    read: readArchitecture,
  },
  label: {
    value: 'NAME=VALUE',
    summary: "a label of the script's URL",
    multiple: true,
    read: nameAndValue,
  },
  stage: { value: 'STAGE', summary: 'only this stage', choices: EXPLAIN_STAGES },
  config: { value: 'FILE', short: 'c', summary: 'ask this file instead of the running daemon' },
  json: { summary: 'the same as data, bodies to the byte' },
  ...REMOTE_OPTIONS,
} as const satisfies Options

/** What iPXE says of itself on firmware of this architecture. */
const ipxeFacts = (architecture: number): Query => {
  const known = ARCHITECTURES.get(architecture)
  return {
    buildarch: known?.buildarch ?? 'x86_64',
    platform: known?.platform === 'bios' ? 'pcbios' : 'efi',
  }
}

/** Decisions from a file alone: nothing is bound, and no machine has been seen. */
const offlineDecisions = async (
  file: string,
  features: readonly FeatureRow[],
): Promise<Decisions> => {
  const configuration = await openConfigurationFile(file, { features })
  const { server } = configuration
  const { address = '192.0.2.1', http } = server
  const base = `http://${address}:${http.port}`
  return new Decisions(configuration, { server: { address, base }, ipxe: findIpxe(configuration) })
}

/** `bootwire explain` */
export const explainCommand = (features: readonly FeatureRow[]): Command =>
  defineCommand({
    summary: 'what a machine would boot, and why',
    description:
      'Says what a machine would be sent at each stage of its boot, which machine or group won, and why the others lost.',
    options: OPTIONS,
    run: async ({ options, stdout, printJson }) => {
      const { arch: architecture, stage, hostname, ip, config } = options
      const query: Record<string, string | undefined> = {
        ...ipxeFacts(architecture),
        ...Object.fromEntries(options.label),
        ...machineFacts(options),
        ...(hostname !== undefined && { hostname }),
      }
      const explanation =
        config === undefined
          ? await askDaemon(findDaemon(options), '/explain', {
              ...query,
              ip,
              arch: String(architecture),
              stage,
            })
          : await explain(
              await offlineDecisions(config, features),
              query,
              architecture,
              stage,
              ip ?? '192.0.2.100',
            )
      if (options.json) printJson(explanation)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `explain`, here or in the daemon
      else stdout.write(showExplanation(explanation as Explanation))
    },
  })
