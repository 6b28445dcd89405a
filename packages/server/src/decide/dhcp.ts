import type { BootDecision, BootRequest } from '@bootwire/dhcp-proxy'

import { normalizeFact, type Facts, type FactValue } from '../model/facts.ts'
import type { IpxeBinary } from '../model/ipxe-binaries.ts'
import type { Profile } from '../model/plan.ts'
import { assetUrl, scriptUrl, type ServerAddress } from '../model/server-address.ts'
import { planBoot } from '../state/boot-plan.ts'
import type { IdentityFacts } from '../state/identity.ts'
import type { MachineRecord } from '../state/machine-record.ts'
import { signedQuery } from '../state/script-url.ts'
import { profileOf, type Configuration } from './configuration.ts'
import { decideMachine, type Reason } from './verdict.ts'

/** What this daemon has to hand out, besides what the configuration says. */
export interface Offered {
  readonly server: ServerAddress
  /** Where else it is reached: who asks there is told of there. */
  readonly others?: readonly ServerAddress[]
  readonly ipxe: readonly IpxeBinary[]
}

/** What a DHCP request tells, as far as the decision looks at it. */
export type DhcpFacts = Pick<
  BootRequest,
  | 'mac'
  | 'uuid'
  | 'architectures'
  | 'firmware'
  | 'userClasses'
  | 'vendorClass'
  | 'relay'
  | 'clientAddress'
  | 'localAddress'
>

/** iPXE's own names (`${buildarch}`) for the architectures of DHCP option 93. */
const ARCHITECTURE_NAMES: Readonly<Record<number, string>> = {
  0: 'i386',
  6: 'i386',
  7: 'x86_64',
  9: 'x86_64',
  10: 'arm32',
  11: 'arm64',
  15: 'i386',
  16: 'x86_64',
  17: 'x86_64',
  18: 'arm32',
  19: 'arm64',
  20: 'i386',
  21: 'arm32',
  22: 'arm64',
  23: 'arm32',
  24: 'arm64',
  25: 'riscv32',
  26: 'riscv32',
  27: 'riscv64',
  28: 'riscv64',
  39: 'loong64',
  40: 'loong64',
}

const BIOS_ARCHITECTURES = new Set([0, 20])
const NO_UEFI = new Set([1, 12, 13, 14, 21, 22, 23, 24, 31, 32, 41])

const firmwareKind = (architecture: number | undefined): string | undefined => {
  if (architecture === undefined) return undefined
  if (BIOS_ARCHITECTURES.has(architecture)) return 'bios'
  return NO_UEFI.has(architecture) ? undefined : 'efi'
}

/**
 * Facts that only DHCP brings and later stages of the same boot are told of. What is absent is known as well, but for the
 * architecture: a machine may also ask for its script without any DHCP.
 */
export const dhcpOnlyFacts = ({
  architectures,
  relay,
}: DhcpFacts): Record<string, string | undefined> => ({
  ...(architectures[0] !== undefined && { arch: String(architectures[0]) }),
  relay: relay?.address,
  'circuit-id': relay?.circuitId,
  'remote-id': relay?.remoteId,
})

/** Facts that one DHCP request tells. Serial number and the like are missing: iPXE will know them. */
const factsOfRequest = (request: DhcpFacts): Facts => {
  const architecture = request.architectures[0]
  const given: Record<string, FactValue | undefined> = {
    mac: request.mac,
    uuid: request.uuid,
    architecture: architecture === undefined ? undefined : ARCHITECTURE_NAMES[architecture],
    firmware: firmwareKind(architecture),
    ip: request.clientAddress,
    subnet: request.relay?.address ?? request.clientAddress ?? request.localAddress,
  }
  const known: Record<string, FactValue | undefined> = dhcpOnlyFacts(request)
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string') known[name] = normalizeFact(name, value)
  }
  known['vendor-class'] = request.vendorClass
  known['user-class'] = request.userClasses
  return { known, final: false }
}

/** What is remembered, and what URLs are signed with. */
export interface Recall {
  readonly recordOf: (facts: IdentityFacts) => MachineRecord | undefined
  readonly keys: readonly Uint8Array[]
  /** Tells this boot from others of the same number. */
  readonly nonce: string
}

/** A DHCP option holds no more, and firmware differs in whether it puts several together (RFC 3396). */
const MAX_BOOT_FILE_BYTES = 255

/**
 * URL of a machine's script: signed, so that it counts, and with all that only DHCP knows, so that a restart or another
 * server decides the same.
 */
const signedScript = (
  server: ServerAddress,
  request: DhcpFacts,
  record: MachineRecord | undefined,
  { keys, nonce }: Recall,
): string => {
  const { mac, uuid } = request
  if (mac === undefined) return `${server.base}/boot.ipxe`
  const told = Object.entries({ mac, uuid, ...dhcpOnlyFacts(request) })
  const facts = Object.fromEntries(
    told.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  const mark = { number: (record?.boots ?? 0) + 1, nonce }
  const claims = { mark, ...(record && { machine: record.id }), facts, picked: [] }
  const url = scriptUrl(server, signedQuery(keys, claims))
  return url.length > MAX_BOOT_FILE_BYTES ? scriptUrl(server, { mac }) : url
}

const binaryFor = (
  ipxe: readonly IpxeBinary[],
  architecture: number | undefined,
): IpxeBinary | undefined =>
  ipxe.find((binary) => architecture !== undefined && binary.architectures.includes(architecture))

const dhcpReasons = (reasons: readonly Reason[], rule: string, why: string) => [
  ...reasons.map((reason) => ({ ...reason })),
  { rule, matched: true, why },
]

/** What the life cycle makes of the profile that the file gives. */
const profileNow = (
  configuration: Configuration,
  profile: Profile | undefined,
  record: MachineRecord | undefined,
): Profile | undefined => {
  if (!profile || !record) return profile
  const find = (name: string) => profileOf(configuration, name)
  const { name, once } = profile
  const plan = planBoot(record, { profile: name, ...(once && { once }), by: 'file' }, find)
  return plan.kind === 'disk' ? undefined : find(plan.profile)
}

/**
 * What DHCP tells a machine. iPXE gets its script's URL; firmware gets iPXE, unless the profile names a program for
 * that kind of firmware. What is remembered is looked at, never changed: one boot sends several requests.
 */
export const decideDhcp = (
  configuration: Configuration,
  request: DhcpFacts,
  { server, ipxe }: Offered,
  recall: Recall,
): BootDecision => {
  const facts = factsOfRequest(request)
  const { verdict, reasons, name } = decideMachine(configuration, facts)
  const { mac, uuid } = request
  const record = recall.recordOf({
    macs: mac === undefined ? [] : [mac],
    ...(uuid !== undefined && { uuid }),
    ...(name !== undefined && { name }),
  })
  const given = verdict.kind === 'profile' ? verdict.profile : undefined
  const profile = given?.ignoresDhcp ? given : profileNow(configuration, given, record)
  if (profile?.ignoresDhcp) {
    return {
      action: 'ignore',
      reasons: dhcpReasons(reasons, 'ignore', `profile "${profile.name}" is never answered`),
    }
  }
  const { firmware } = request
  const architecture = request.architectures[0]
  if (firmware === 'ipxe') {
    const file = signedScript(server, request, record, recall)
    return {
      action: 'boot',
      file,
      reasons: dhcpReasons(reasons, 'ipxe', 'iPXE asks: it gets its script'),
    }
  }
  const program = profile?.programs[firmware]
  if (profile && program) {
    const { key, title, file, over } = program
    const why = `profile "${profile.name}" names a program for ${title}`
    const offered = over === 'http' ? assetUrl(server, file) : file
    return { action: 'boot', file: offered, reasons: dhcpReasons(reasons, key, why) }
  }
  const binary = binaryFor(ipxe, architecture)
  if (binary?.path === undefined) return missing(reasons, binary, architecture)
  const overHttp = firmware === 'uefi-http'
  const why = `${binary.title} asks${overHttp ? ' over HTTP' : ''}: it gets iPXE first`
  const file = overHttp ? `${server.base}/ipxe/${binary.file}` : binary.file
  return { action: 'boot', file, reasons: dhcpReasons(reasons, 'firmware', why) }
}

const missing = (
  reasons: readonly Reason[],
  binary: IpxeBinary | undefined,
  architecture: number | undefined,
): BootDecision => {
  const why = binary
    ? `there is no iPXE binary for ${binary.title} (${binary.missing ?? ''})`
    : `no iPXE binary is known for architecture ${architecture ?? 'unknown'}`
  return { action: 'ignore', reasons: dhcpReasons(reasons, 'firmware', why) }
}
