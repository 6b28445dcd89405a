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
import { ServerError } from '../model/errors.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { MACHINE_OPTIONS, MACHINE_USAGE, machineFacts } from './machine-options.ts'
import { askDaemon, findDaemon, REMOTE_OPTIONS, REMOTE_USAGE } from './remote.ts'
import { readOptions } from './usage.ts'

export const EXPLAIN_USAGE: string = `bootwire explain --mac MAC [options]

Says what a machine would be sent at each stage of its boot, which machine or group won, and why the others lost.

  ${MACHINE_USAGE} --hostname H --ip IP
  --arch ARCH           ${Object.keys(ARCHITECTURE_NAMES).join(', ')}, or the number of DHCP option 93
  --label NAME=VALUE    a label of the script's URL; may be repeated
  --stage STAGE         only ${EXPLAIN_STAGES.join(', ')}
  --config FILE         ask this file instead of the running daemon
  --json                the same as data, bodies to the byte
${REMOTE_USAGE}`

const OPTIONS = {
  ...REMOTE_OPTIONS,
  ...MACHINE_OPTIONS,
  hostname: { type: 'string' },
  ip: { type: 'string' },
  arch: { type: 'string' },
  label: { type: 'string', multiple: true },
  stage: { type: 'string' },
  config: { type: 'string', short: 'c' },
  json: { type: 'boolean' },
} as const

/** What iPXE says of itself on firmware of this architecture. */
const ipxeFacts = (architecture: number): Query => {
  const names: Readonly<Record<number, string>> = {
    0: 'i386',
    6: 'i386',
    11: 'arm64',
    15: 'i386',
    19: 'arm64',
  }
  return {
    buildarch: names[architecture] ?? 'x86_64',
    platform: architecture === 0 ? 'pcbios' : 'efi',
  }
}

const architectureOf = (text: string): number => {
  const named = Object.hasOwn(ARCHITECTURE_NAMES, text) ? ARCHITECTURE_NAMES[text] : undefined
  if (named !== undefined) return named
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new ServerError(
    'ERR_SERVER_USAGE',
    `--arch ${JSON.stringify(text)} is none of ${Object.keys(ARCHITECTURE_NAMES).join(', ')}, and no number`,
  )
}

/** Decisions from a file alone: nothing is bound, and no machine has been seen. */
const offlineDecisions = async (
  file: string,
  features: readonly FeatureRow[],
): Promise<Decisions> => {
  const configuration = await openConfigurationFile(file, { features })
  const { server, ipxe } = configuration
  const { address = '192.0.2.1', http } = server
  const base = `http://${address}:${http.port}`
  return new Decisions(configuration, { server: { address, base }, ipxe: findIpxe(ipxe) })
}

/** `bootwire explain` */
export const explainCommand = async (
  args: readonly string[],
  features: readonly FeatureRow[],
): Promise<number> => {
  const values = readOptions(args, OPTIONS)
  const architecture = architectureOf(values.arch ?? 'bios')
  const labels = (values.label ?? []).map((each): [string, string] => {
    const at = each.indexOf('=')
    if (at < 1)
      throw new ServerError('ERR_SERVER_USAGE', `--label ${JSON.stringify(each)} is not NAME=VALUE`)
    return [each.slice(0, at), each.slice(at + 1)]
  })
  const stage = EXPLAIN_STAGES.find((each) => each === values.stage)
  if (values.stage !== undefined && stage === undefined) {
    throw new ServerError(
      'ERR_SERVER_USAGE',
      `--stage ${JSON.stringify(values.stage)} is none of ${EXPLAIN_STAGES.join(', ')}`,
    )
  }
  const query: Record<string, string | undefined> = {
    ...ipxeFacts(architecture),
    ...Object.fromEntries(labels),
    ...machineFacts(values),
    ...(values.hostname !== undefined && { hostname: values.hostname }),
    ...(values.ip !== undefined && { ip: values.ip }),
  }
  if (values.config === undefined) {
    const asked = { ...query, arch: String(architecture), stage }
    return print(await askDaemon(findDaemon(values), '/explain', asked), values.json)
  }
  const decisions = await offlineDecisions(values.config, features)
  const { ip, ...facts } = query
  const explained = await explain(decisions, facts, architecture, stage, ip ?? '192.0.2.100')
  return print(explained, values.json)
}

const print = (explanation: unknown, json: boolean | undefined): number => {
  if (json) {
    process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`)
    return 0
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made by `explain`, here or in the daemon
  process.stdout.write(showExplanation(explanation as Explanation))
  return 0
}
