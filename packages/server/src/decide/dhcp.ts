import type { BootDecision, BootRequest } from '@bootwire/dhcp-proxy'

import type { IpxeBinary } from '../ipxe/find.ts'
import { NEW_MACHINE, type MachineState } from '../state/machine-state.ts'
import { normalizeFact, type Facts, type FactValue } from './facts.ts'
import { isUrl } from './paths.ts'
import { decideMachine, type Book, type Reason } from './verdict.ts'

/** Where this daemon is reached, and what it has for firmware. */
export interface Place {
  /** IPv4 address that machines are told. */
  readonly address: string
  /** `http://10.0.0.5:8080` */
  readonly base: string
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

/** URL of a machine's script. It carries the address that DHCP knows, so that the script stage has it too. */
const scriptUrl = (place: Place, mac: string | undefined): string =>
  mac === undefined ? `${place.base}/boot.ipxe` : `${place.base}/script?mac=${mac}`

const binaryFor = (place: Place, architecture: number | undefined): IpxeBinary | undefined =>
  place.ipxe.find(
    (binary) => architecture !== undefined && binary.architectures.includes(architecture),
  )

const dhcpReasons = (reasons: readonly Reason[], rule: string, why: string) => [
  ...reasons.map((reason) => ({ ...reason })),
  { rule, matched: true, why },
]

/** The URL of a boot file below the assets, or the URL itself. */
export const assetUrl = (place: Place, name: string): string =>
  isUrl(name)
    ? name
    : `${place.base}/assets/${name.split('/').filter(Boolean).map(encodeURIComponent).join('/')}`

/**
 * What DHCP tells a machine. iPXE gets its script's URL; firmware gets iPXE, unless the profile names a program for
 * that kind of firmware. State is looked at, never changed: one boot sends several requests.
 */
export const decideDhcp = (
  book: Book,
  request: DhcpFacts,
  place: Place,
  state: MachineState = NEW_MACHINE,
): BootDecision => {
  const facts = factsOfRequest(request)
  const { verdict, reasons } = decideMachine(book, facts, state)
  const profile = verdict.kind === 'profile' ? verdict.profile : undefined
  if (profile?.target.kind === 'ignore') {
    return {
      action: 'ignore',
      reasons: dhcpReasons(reasons, 'ignore', `profile "${profile.name}" is never answered`),
    }
  }
  const { firmware } = request
  const architecture = request.architectures[0]
  if (firmware === 'ipxe') {
    const file = scriptUrl(place, request.mac)
    return {
      action: 'boot',
      file,
      reasons: dhcpReasons(reasons, 'ipxe', 'iPXE asks: it gets its script'),
    }
  }
  if (firmware === 'uefi-http') {
    const binary = binaryFor(place, architecture)
    if (profile?.httpBoot !== undefined) {
      const why = `profile "${profile.name}" names a program for UEFI HTTP Boot`
      return {
        action: 'boot',
        file: assetUrl(place, profile.httpBoot),
        reasons: dhcpReasons(reasons, 'httpBoot', why),
      }
    }
    if (binary?.path !== undefined) {
      const why = `${binary.title} asks over HTTP: it gets iPXE first`
      return {
        action: 'boot',
        file: `${place.base}/ipxe/${binary.file}`,
        reasons: dhcpReasons(reasons, 'firmware', why),
      }
    }
    return missing(reasons, binary, architecture)
  }
  if (profile?.efi !== undefined && firmware === 'uefi-pxe') {
    const why = `profile "${profile.name}" names a program for UEFI`
    return { action: 'boot', file: profile.efi, reasons: dhcpReasons(reasons, 'efi', why) }
  }
  const binary = binaryFor(place, architecture)
  if (binary?.path === undefined) return missing(reasons, binary, architecture)
  const why = `${binary.title} asks: it gets iPXE first`
  return { action: 'boot', file: binary.file, reasons: dhcpReasons(reasons, 'firmware', why) }
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
